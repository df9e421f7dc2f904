import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Config } from '../../pipeline/core/config.ts';
import { MlopsError, toFailure } from '../../pipeline/core/errors.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import { auditedCommand } from '../audited.ts';
import type { CommandTools, Reply } from '../commands/command.ts';
import { runTyped } from '../commands/run-command.ts';
import { typedOf } from '../commands/tokenize.ts';
import { plainText } from '../messages/plain-text.ts';
import type { People } from '../people.ts';
import type { CliReply, CliRequest, CliTransport } from './protocol.ts';

const requestSchema = z.object({
  words: z.array(z.string().max(2_000)).max(100),
  as: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/)
    .nullable(),
  isConfirmed: z.boolean(),
  requestId: z.string().regex(/^[\w-]{8,64}$/),
});

/** The request, or null when it does not have the agreed form. */
export function readCliRequest(value: unknown): CliRequest | null {
  return requestSchema.safeParse(value).data ?? null;
}

/**
 * The far side of the command line: the same parser, commands and rights as in Slack, answered as
 * text. Whoever is let in here may act as anybody, so a door before it decides who is.
 */
export function createCliAnswers(options: {
  readonly tools: CommandTools;
  readonly people: People;
  /** What people call a Slack id; null when nobody knows. */
  readonly nameOf: (id: string) => string | null;
  readonly log: (line: string) => void;
}): CliTransport {
  const { tools, people, nameOf, log } = options;

  return {
    async command({ words, as, isConfirmed, requestId }) {
      try {
        const actor = actorOf(as, tools.config, nameOf);
        const typed = typedOf(words.map((text) => ({ text, isQuoted: false })));
        const caller = {
          actor,
          memberOf: actor.kind === 'person' ? await people.memberOf(actor.id) : [],
          requestId: `cli:${requestId}`,
          isConfirmed,
        };
        const reply = await auditedCommand(
          { ...tools, log },
          { text: words.join(' '), caller, from: 'cli' },
          () => runTyped(typed, tools, caller),
        );
        return replyOf(reply, typed.words, nameOf);
      } catch (error) {
        return errorOf(error, log);
      }
    },
    run: (id) => tools.pipeline.getRun(id),
  };
}

/** Without `--as`: the first operator who is a person; where everybody may, the command line itself. */
function actorOf(as: string | null, config: Config, nameOf: (id: string) => string | null): Actor {
  const operators = config.operators === 'everyone' ? [] : config.operators;
  const id = as ?? operators.find((each) => /^[UW]/.test(each));
  if (id === undefined) return { kind: 'system', name: 'cli' };
  return { kind: 'person', id, name: nameOf(id) ?? id };
}

function replyOf(
  reply: Reply | null,
  [name = '']: readonly string[],
  nameOf: (id: string) => string | null,
): CliReply {
  const blocks = reply?.blocks.filter(({ type }) => type !== 'actions') ?? [];
  const asksBack = blocks.length !== (reply?.blocks.length ?? 0);
  const lines = [plainText({ blocks }), asksBack ? insteadOfButtons(name.toLowerCase()) : ''];
  return {
    kind: 'answer',
    text: inShellWords(withNames(lines.filter(Boolean).join('\n'), nameOf)),
    data: reply?.data ?? null,
    problem: reply?.problem ?? null,
  };
}

function insteadOfButtons(name: string): string {
  if (name === 'promote') return 'Name the version to ask for: mlops promote <model> <version>';
  return name === 'rollback' ? 'Add --yes to do it.' : 'The buttons are in Slack.';
}

/** What a person can correct is told; the rest stays in the log, under a reference. */
function errorOf(error: unknown, log: (line: string) => void): CliReply {
  if (error instanceof MlopsError) {
    const { code, message, hint } = toFailure(error);
    return {
      kind: 'error',
      code,
      message: inShellWords(message),
      hint: hint === null ? null : inShellWords(hint),
    };
  }
  const reference = randomBytes(4).toString('hex');
  log(`${reference}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: 'error',
    code: 'UNEXPECTED',
    message: 'Something unexpected went wrong; nothing is half done.',
    hint: `The log of the app has the details under ${reference}.`,
  };
}

/** A mention is a name in Slack; a terminal would show the bare id. */
function withNames(text: string, nameOf: (id: string) => string | null): string {
  return text.replace(/@([UW][A-Z0-9]{2,})\b/g, (id, bare) => nameOf(bare) ?? id);
}

const inShellWords = (text: string): string => text.replaceAll('/mlops ', 'mlops ');
