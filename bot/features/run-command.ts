import { closest } from '../../pipeline/core/closest.ts';
import { answer } from '../blocks/answer.ts';
import { shown } from '../blocks/escape.ts';
import type { Caller, Command, CommandGroup, CommandTools, Reply } from '../interaction/command.ts';
import { type Typed, tokenize } from '../interaction/tokenize.ts';
import { alerts, mute, unmute } from './alerts/alerts-commands.ts';
import { approvals } from './approval/approvals-command.ts';
import { approve, reject } from './approval/decide-commands.ts';
import { audit } from './audit/audit-command.ts';
import { costs } from './costs/costs-command.ts';
import { gate } from './gate/gate-command.ts';
import { createHelp, unknownCommand } from './help/help.ts';
import { logs } from './logs/logs.ts';
import { promote } from './promotion/promote-command.ts';
import { retrain } from './retrain/retrain-command.ts';
import { retry } from './retry/retry-command.ts';
import { rollback } from './rollback/rollback-command.ts';
import { runs } from './runs/runs.ts';
import { interrupt } from './spot/interrupt-command.ts';
import { status } from './status/status-command.ts';
import { stop } from './stop/stop.ts';
import { unmark } from './unmark/unmark-command.ts';
import { diff } from './versions/diff-command.ts';
import { versions } from './versions/versions-command.ts';
import { whoami } from './whoami/whoami.ts';

/** All commands, in the groups and order that help shows. */
export function commandGroups(tools: Pick<CommandTools, 'local'>): readonly CommandGroup[] {
  const help = createHelp(() => commandGroups(tools));
  return [
    { title: 'View', commands: [status, runs, versions, diff, gate, logs, costs] },
    {
      title: 'Train',
      commands: [retrain, retry, stop, ...(tools.local === null ? [] : [interrupt])],
    },
    { title: 'Decide', commands: [approvals, approve, reject, promote, rollback, unmark] },
    { title: 'Alerts', commands: [alerts, mute, unmute] },
    { title: 'Other', commands: [whoami, audit, help] },
  ];
}

function commandTable(tools: Pick<CommandTools, 'local'>): readonly Command[] {
  return commandGroups(tools).flatMap(({ commands }) => commands);
}

/**
 * Runs what was typed after `/mlops`. An unknown command or option is answered with a suggestion.
 * @throws {MlopsError} for what the caller can correct.
 */
export async function runCommand(
  text: string,
  tools: CommandTools,
  caller: Caller,
): Promise<Reply | null> {
  return runTyped(tokenize(text), tools, caller);
}

/** The same for words a shell has already split. */
export async function runTyped(
  { words, options }: Typed,
  tools: CommandTools,
  caller: Caller,
): Promise<Reply | null> {
  const [name, ...rest] = inThread(words, caller);
  const all = commandTable(tools);
  const command = all.find((each) => each.name === name.toLowerCase());
  if (command === undefined) return unknownCommand(name, all);
  const problem = misuse(command, rest, options);
  return problem ?? command.run({ words: rest, options, tools, caller });
}

/** In a run's thread, commands about a run mean that run, and a bare mention asks for its status. */
function inThread(words: readonly string[], { threadRun }: Caller): [string, ...string[]] {
  const [name, ...rest] = words;
  if (name === undefined) return threadRun === undefined ? ['help'] : ['status', threadRun];
  const isAboutRun = threadRun !== undefined && aboutARun.has(name.toLowerCase());
  return isAboutRun && rest.length === 0 ? [name, threadRun] : [name, ...rest];
}

const aboutARun: ReadonlySet<string> = new Set([
  'status',
  'logs',
  'stop',
  'retry',
  'approve',
  'reject',
]);

function misuse(
  command: Command,
  words: readonly string[],
  options: Readonly<Record<string, string>>,
): Reply | null {
  const usage = `Usage: /mlops ${command.name} ${command.usage}`.trim();
  const extra = words[command.maxWords];
  if (extra !== undefined) {
    const text = `${command.name} does not take “${shown(extra, 60)}”.`;
    return { ...answer(text, usage), problem: 'usage' };
  }
  if (command.options === 'any') return null;
  const known = command.options;
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown === undefined) return null;
  const near = closest(unknown, known);
  return {
    ...answer(
      `${command.name} has no option “${shown(unknown, 40)}”.`,
      near === null ? usage : `Did you mean ${near}=…?`,
    ),
    problem: 'usage',
  };
}
