import type { AuditSource } from '../../pipeline/core/audit.ts';
import type { Caller, CommandTools, Reply } from '../interaction/command.ts';
import { type Typed, textOf, tokenize } from '../interaction/tokenize.ts';
import type { Understood } from '../interaction/understand.ts';
import { reads } from './audit/is-noise.ts';
import { recordCommand } from './audit/record-audit.ts';
import { readCommand, runUnderstood } from './run-command.ts';

type Tools = CommandTools & { readonly log: (line: string) => void };

/**
 * Runs what a person typed, or a button stands for, and records it under the command it was understood
 * as. `refuse` may answer in place of the command. @throws {MlopsError}
 */
export async function answerCommand(
  tools: Tools,
  given: {
    /** Text, or the words of a terminal. */
    readonly text: string;
    readonly typed?: Typed;
    readonly caller: Caller;
    readonly from?: AuditSource;
    readonly refuse?: (understood: Understood) => Reply | null;
  },
): Promise<Reply | null> {
  const { text, typed = tokenize(text), from, refuse } = given;
  const understood = readCommand(typed, tools, given.caller);
  const caller = await withName(given.caller, understood);
  const recorded = {
    ...actionOf(understood, text),
    caller,
    ...(from === undefined ? {} : { from }),
  };
  return recordCommand(
    tools,
    recorded,
    async () => refuse?.(understood) ?? runUnderstood(understood, tools, caller),
  );
}

/** A question is not worth a request to Slack before its answer, but for the one about oneself. */
async function withName(caller: Caller, { name }: Understood): Promise<Caller> {
  if (name === null || (reads.has(name) && name !== 'whoami')) return caller;
  return { ...caller, actor: (await caller.named?.()) ?? caller.actor };
}

/** As typed behind the command's own name; in its own words where another name was typed. */
function actionOf(understood: Understood, text: string) {
  const [first = 'help', ...rest] = text.trim().split(/\s+/);
  const typedName = first.toLowerCase() || 'help';
  const { name } = understood;
  if (name === null || name === typedName) return { action: typedName, what: rest.join(' ') };
  return { action: name, what: textOf(understood) ?? rest.join(' ') };
}
