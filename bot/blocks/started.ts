import type { StartedRun } from '../../pipeline/core/pipeline.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { answer, refused } from './answer.ts';
import { headline } from './headline.ts';
import type { Message } from './message.ts';

const names = { retrain: 'Retrain', promote: 'Promotion', rollback: 'Rollback' } as const;

/** After a command that started a run; the run's card in the channel tells the rest. */
export function startedAnswer({ run, isNew }: StartedRun, channel: string): Message {
  const what = `${names[run.kind]} of ${run.model}`;
  if (!isNew) return answer(`${what} was started before: ${headline(run)}.`, `Run ${run.id}.`);
  const where = channel.startsWith('#') ? channel : 'the channel';
  return answer(`${what} started. Its card in ${where} tells how it goes.`, `Run ${run.id}.`);
}

/** A button whose moment has passed. */
export function nothingToDo(run: Run): Message {
  return refused(`Nothing to do here any more: ${headline(run)}.`);
}
