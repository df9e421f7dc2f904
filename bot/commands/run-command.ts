import { closest } from '../../pipeline/core/closest.ts';
import { answer } from '../messages/answer.ts';
import { shown } from '../messages/escape.ts';
import type { Message } from '../messages/message.ts';
import type { Caller, Command, CommandTools } from './command.ts';
import { createHelp, unknownCommand } from './help.ts';
import { interrupt } from './interrupt.ts';
import { approvals, logs, runs, versions } from './lists.ts';
import { promote } from './promote.ts';
import { retrain } from './retrain.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { tokenize } from './tokenize.ts';
import { whoami } from './whoami.ts';

/** Every command there is, in the order of the help. */
export function commandTable(tools: Pick<CommandTools, 'local'>): readonly Command[] {
  const all: Command[] = [
    status,
    runs,
    versions,
    approvals,
    retrain,
    promote,
    rollback,
    stop,
    logs,
    whoami,
    ...(tools.local === null ? [] : [interrupt]),
  ];
  return [...all, createHelp(() => commandTable(tools))];
}

/**
 * Understands and runs what was typed after `/mlops`. What cannot be understood is answered with
 * what was probably meant.
 * @throws {MlopsError} for what the caller can correct.
 */
export async function runCommand(
  text: string,
  tools: CommandTools,
  caller: Caller,
): Promise<Message> {
  const { words, options } = tokenize(text);
  const [name = 'help', ...rest] = words;
  const all = commandTable(tools);
  const command = all.find((each) => each.name === name.toLowerCase());
  if (command === undefined) return unknownCommand(name, all);
  const problem = misuse(command, rest, options);
  return problem ?? command.run({ words: rest, options, tools, caller });
}

function misuse(
  command: Command,
  words: readonly string[],
  options: Readonly<Record<string, string>>,
): Message | null {
  const usage = `Usage: /mlops ${command.name} ${command.usage}`.trim();
  const extra = words[command.most];
  if (extra !== undefined) {
    return answer(`${command.name} does not know what to do with “${shown(extra, 60)}”.`, usage);
  }
  if (command.options === 'any') return null;
  const known = command.options;
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return null;
  const near = closest(unknown, known);
  return answer(
    `${command.name} has no option “${shown(unknown, 40)}”.`,
    near === null ? usage : `Did you mean ${near}=…?`,
  );
}
