import type { Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { type Message, modelFacts } from '../../blocks/message.ts';
import type { Bot } from '../../interaction/bot.ts';
import { runStatusFor } from './status-message.ts';

/** The message shortcut “About this run” of the manifest. */
export const aboutRunId = 'run.about';

/** What the shortcut shows; without a run, what to choose instead. */
export function aboutRun(bot: Pick<Bot, 'config'>, asker: string, run: Run | null): Message {
  return run === null
    ? answer(
        'This message belongs to no run.',
        'Choose a card of mine, or a message in its thread.',
      )
    : runStatusFor(asker, run, modelFacts(bot.config, run.model));
}
