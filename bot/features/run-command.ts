import { closest } from '../../pipeline/core/closest.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { answer } from '../blocks/answer.ts';
import { shown } from '../blocks/escape.ts';
import { didYouMean, suggest } from '../blocks/suggestion.ts';
import type { Caller, Command, CommandGroup, CommandTools, Reply } from '../interaction/command.ts';
import { inThread } from '../interaction/in-thread.ts';
import { Misread, renaming } from '../interaction/misread.ts';
import { type Typed, textOf } from '../interaction/tokenize.ts';
import { type Understood, understand } from '../interaction/understand.ts';
import { alerts, mute, unmute } from './alerts/alerts-commands.ts';
import { approvals } from './approval/approvals-command.ts';
import { approve, reject } from './approval/decide-commands.ts';
import { handover } from './approval/hand-over.ts';
import { remind } from './approval/remind-command.ts';
import { snooze } from './approval/snooze-command.ts';
import { audit } from './audit/audit-command.ts';
import { corrections } from './corrections/corrections-command.ts';
import { costs } from './costs/costs-command.ts';
import { evidence } from './evidence/evidence-command.ts';
import { gate } from './gate/gate-command.ts';
import { createHelp } from './help/help.ts';
import { unknownCommand } from './help/unknown-command.ts';
import { logs } from './logs/logs.ts';
import { modelCard } from './model-card/model-card-command.ts';
import { notify } from './notify/notify-command.ts';
import { predict } from './predict/predict-command.ts';
import { promote } from './promotion/promote-command.ts';
import { when } from './questions/when-command.ts';
import { who } from './questions/who-command.ts';
import { why } from './questions/why-command.ts';
import { retire } from './retire/retire-command.ts';
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
    {
      title: 'View',
      commands: [
        status,
        runs,
        versions,
        diff,
        evidence,
        modelCard,
        gate,
        why,
        logs,
        costs,
        predict,
        corrections,
      ],
    },
    {
      title: 'Train',
      commands: [retrain, retry, stop, ...(tools.local === null ? [] : [interrupt])],
    },
    {
      title: 'Decide',
      commands: [
        approvals,
        approve,
        reject,
        remind,
        snooze,
        handover,
        promote,
        rollback,
        retire,
        unmark,
      ],
    },
    { title: 'Alerts', commands: [alerts, mute, unmute] },
    { title: 'Other', commands: [whoami, notify, audit, help] },
  ];
}

/** All commands, with those that help does not list. */
function commandTable(tools: Pick<CommandTools, 'local'>): readonly Command[] {
  return [...commandGroups(tools).flatMap(({ commands }) => commands), who, when];
}

/** What was typed, as a command and its arguments; in a thread they may go without saying. */
export function readCommand(
  typed: Typed,
  tools: Pick<CommandTools, 'config' | 'local'>,
  { about }: Pick<Caller, 'about'> = {},
): Understood {
  const known = { commands: commandTable(tools), models: tools.config.models };
  if (typed.words.length > 0) {
    const understood = understand(typed, known);
    return about === undefined ? understood : inThread(understood, about, tools.config.models);
  }
  const subject = about?.runId ?? about?.model;
  return subject === undefined
    ? { name: 'help', words: [], options: typed.options }
    : { name: 'status', words: [subject], options: typed.options };
}

/**
 * Runs a command that was understood. What was not is answered with what may have been meant, as
 * buttons. @throws {MlopsError} for what the caller can correct.
 */
export async function runUnderstood(
  { name, words, options }: Understood,
  tools: CommandTools,
  caller: Caller,
): Promise<Reply | null> {
  const all = commandTable(tools);
  const command = all.find((each) => each.name === name);
  if (command === undefined) return unknownCommand({ words, options }, all, caller);
  try {
    const problem = misuse(command, words, options);
    return problem ?? (await command.run({ words, options, tools, caller }));
  } catch (error) {
    if (error instanceof Misread)
      return answerMisread(error, command.name, { words, options }, caller);
    throw error;
  }
}

/** Offers each correction as a complete command. A terminal has no buttons, so there it is a hint. */
function answerMisread(error: Misread, name: string, typed: Typed, caller: Caller): Reply {
  const suggestions = error.corrections.flatMap(({ apply, label }) => {
    const rest = textOf(apply(typed));
    return rest === null
      ? []
      : [{ command: `${name} ${rest}`.trim(), ...(label === undefined ? {} : { label }) }];
  });
  const hint = error.hint ?? didYouMean(suggestions);
  if (caller.isConfirmed !== undefined && error.code !== 'REQUEST_INVALID') {
    throw new MlopsError(error.code, error.message, hint === null ? {} : { hint });
  }
  const offered = caller.isConfirmed === undefined ? suggestions : [];
  const { requestId } = caller;
  return { ...suggest(error.message, { hint, suggestions: offered, requestId }), problem: 'usage' };
}

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
  throw new Misread('REQUEST_INVALID', `${command.name} has no option “${shown(unknown, 40)}”.`, {
    ...(near === null ? { hint: usage } : {}),
    corrections: near === null ? [] : [renaming(unknown, near)],
  });
}
