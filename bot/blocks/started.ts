import type { StartedRun } from '../../pipeline/core/pipeline.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { actorName } from './actor.ts';
import { answer, refused } from './answer.ts';
import { shown } from './escape.ts';
import { capitalised } from './format.ts';
import { headline } from './headline.ts';
import { type Message, message } from './message.ts';
import { channelName, type Line, lines } from './rich-text.ts';
import { settingTitle, settingValue } from './setting-words.ts';

/** A run of each kind, as a noun. */
export const runNames = {
  retrain: 'retrain',
  promote: 'promotion',
  rollback: 'rollback',
  retire: 'retirement',
} as const;

/** The answer to a command that started a run, or that found it already started. */
export function startedAnswer({ run, isNew }: StartedRun, channel: string): Message {
  const title = `${capitalised(runNames[run.kind])} of ${run.model}`;
  if (!isNew) {
    const by = `Started by ${actorName(run.requestedBy)}.`;
    return answer(`${title} was already started: ${headline(run)}.`, `${by} Run ${run.id}.`);
  }
  const where = channel.startsWith('#') ? channel : 'the channel';
  const said = `${title} started. Follow it on its card in`;
  return message(`${said} ${where}.`, [
    lines([`${said} `, channelName(channel), '.'], settingsLine(run), [`Run ${run.id}.`]),
  ]);
}

/** The settings as they were read, so that a short form of a name is no riddle. */
function settingsLine({ hyperparameters }: Run): Line {
  const settings = Object.entries(hyperparameters).slice(0, 6);
  if (settings.length === 0) return [];
  return [
    `Settings: ${settings.map(([name, value]) => shown(`${settingTitle(name)} = ${settingValue(String(value))}`, 80)).join(', ')}.`,
  ];
}

/** The answer to a button that no longer applies. */
export function nothingToDo(run: Run): Message {
  return refused(`That is no longer possible: ${headline(run)}.`);
}
