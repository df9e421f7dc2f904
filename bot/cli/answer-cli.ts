import type { Membership } from '../../pipeline/core/access.ts';
import type { Actor } from '../../pipeline/core/run.ts';
import type { MessageBlock } from '../blocks/message.ts';
import { plainText } from '../blocks/plain-text.ts';
import { answerCommand } from '../features/answer-command.ts';
import type { CommandTools, Reply } from '../interaction/command.ts';
import { typedOf } from '../interaction/tokenize.ts';
import type { CommandSource } from './command-sources.ts';
import { inShellWords } from './error-reply.ts';
import type { CliAnswers, CliReply } from './protocol.ts';
import type { CliRequest } from './question.ts';
import { refuseSource } from './refuse-source.ts';

/** Names of Slack ids; unknown ids are left out. Never rejects. */
export type NamesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

const MENTION = /@([UW][A-Z0-9]{2,})\b/g;

/**
 * The server side of the command line: the same parser, commands and rights as in Slack, answered
 * as text. The caller of this factory decides who is asking and what happens to errors; a command
 * that the source may not give is refused.
 */
export function createCliAnswers(options: {
  readonly tools: CommandTools;
  /** @throws {MlopsError} when the request names a caller that its source may not act as. */
  readonly callerOf: (
    request: CliRequest,
    source: CommandSource,
  ) => Promise<{ readonly actor: Actor; readonly memberOf: Membership }>;
  readonly namesOf: NamesOf;
  readonly log: (line: string) => void;
  /** Returns the reply to an error, or rethrows an error that the caller must not see. */
  readonly onError: (error: unknown, source: CommandSource) => CliReply;
}): CliAnswers {
  const { tools, callerOf, namesOf, log, onError } = options;

  async function command(request: CliRequest, source: CommandSource): Promise<CliReply> {
    const { words, isConfirmed, requestId } = request;
    const typed = typedOf(words.map((text) => ({ text, isQuoted: false })));
    const caller = {
      ...(await callerOf(request, source)),
      requestId: `${source}:${requestId}`,
      isConfirmed,
      from: source,
    };
    let name = typed.words[0]?.toLowerCase() ?? 'help';
    const reply = await answerCommand(
      { ...tools, log },
      {
        text: words.join(' '),
        typed,
        caller,
        from: source,
        refuse: (understood) => {
          name = understood.name ?? name;
          return refuseSource(source, [name]);
        },
      },
    );
    return {
      kind: 'answer',
      text: reply?.file?.trimEnd() ?? inShellWords(await withNames(textOf(reply, name), namesOf)),
      data: reply?.data ?? null,
      problem: reply?.problem ?? (reply?.asks === true ? 'unconfirmed' : null),
    };
  }

  return async (question, source) => {
    if (question.kind === 'run')
      return { kind: 'run', run: await tools.pipeline.getRun(question.id) };
    try {
      return await command(question, source);
    } catch (error) {
      return onError(error, source);
    }
  };
}

function textOf(reply: Reply | null, name: string): string {
  const blocks = (reply?.blocks ?? [])
    .filter(({ type }) => type !== 'actions' && type !== 'input')
    .map(withoutMenu);
  const asksBack = blocks.length !== (reply?.blocks.length ?? 0);
  const lines = [plainText({ blocks }), asksBack ? insteadOfButtons(name) : ''];
  return lines.filter(Boolean).join('\n');
}

/** A terminal has no menus beside its lines. */
function withoutMenu(block: MessageBlock): MessageBlock {
  if (block.type !== 'section' || !('accessory' in block)) return block;
  const { accessory: _, ...rest } = block;
  return rest;
}

function insteadOfButtons(name: string): string {
  if (name === 'promote') return 'Name the version: mlops promote <model> <version>';
  const isConfirmable = ['rollback', 'retire', 'approve', 'reject', 'retry'].includes(name);
  return isConfirmable ? 'Add --yes to confirm.' : 'The buttons are in Slack.';
}

/** Slack shows a mention as a name; a terminal would show the bare id. */
async function withNames(text: string, namesOf: NamesOf): Promise<string> {
  const mentions = [...text.matchAll(MENTION)].map(([, id = '']) => id);
  if (mentions.length === 0) return text;
  const names = await namesOf(mentions);
  return text.replace(MENTION, (mention, id) => names.get(id) ?? mention);
}
