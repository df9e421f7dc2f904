import type { Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { type Message, modelFacts } from '../../blocks/message.ts';
import type { Bot } from '../../interaction/bot.ts';
import { runStatusFor } from './status-message.ts';

/** The callback id of the message shortcut “About this run”. */
export const aboutRunId = 'run.about';

/** The status of the run a message belongs to, or where to use the shortcut instead. */
export function aboutRun(
  bot: Pick<Bot, 'config' | 'isRemote'>,
  asker: string,
  run: Run | null,
): Message {
  return run === null
    ? answer(
        'This message does not belong to a run.',
        'Use the shortcut on a run’s card or on a message in its thread.',
      )
    : runStatusFor(asker, run, {
        ...modelFacts(bot.config, run.model),
        isRemote: bot.isRemote,
      });
}
