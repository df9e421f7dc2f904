import { addMinutes } from 'date-fns/addMinutes';
import type { SnoozeResult } from '../../../pipeline/core/approval-commands.ts';
import { answer, refused } from '../../blocks/answer.ts';
import type { Message } from '../../blocks/message.ts';
import { instant } from '../../blocks/rich-text.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { readDuration } from '../../interaction/read-duration.ts';
import { refusalAnswer } from './refusal.ts';

const limits = {
  whenLeftOut: 60,
  mostDays: 7,
  tooLong: 'A reminder can be at most 7 days ahead.',
};

export const snooze: Command = {
  name: 'snooze',
  usage: '<run or model> [duration]',
  summary: 'Reminds you of an open request later (default 1 hour); it stays open.',
  examples: ['snooze spam', 'snooze spam 30 minutes', 'snooze spam 1d'],
  options: [],
  // A duration may be several words.
  maxWords: 8,
  async run({ words: [word, ...duration], tools, caller }) {
    const { actor: by, memberOf } = caller;
    if (by.kind !== 'person') {
      return refused('Only people are reminded.', 'Type /mlops snooze in Slack.');
    }
    const run = await readRun(tools, word, 'waiting');
    const minutes = readDuration(run.id, duration, limits);
    const until = addMinutes(tools.clock.now(), minutes).toISOString();
    const result = await tools.pipeline.snooze({ runId: run.id, by, memberOf, until });
    return { ...snoozeAnswer(result, { by, until }), data: result };
  },
};

function snoozeAnswer(
  result: SnoozeResult,
  { by, until }: { readonly by: Parameters<typeof refusalAnswer>[1]; readonly until: string },
): Message {
  const subject = `${result.run.model} v${result.run.version}`;
  if (result.status === 'snoozed') {
    return answer(
      `You will be reminded of ${subject}, if it is still open.`,
      [
        'The reminder comes ',
        instant(until, 'date and time'),
        ' and mentions you in the thread of its card. Until then everybody can decide.',
      ],
      `/mlops snooze ${result.run.id} 2h moves it.`,
    );
  }
  const { refusal } = result;
  switch (refusal.kind) {
    case 'cannot_decide':
      return refusalAnswer(refusal.refusal, by);
    case 'expires_before':
      return refused(`The request for ${subject} expires before that.`, [
        'It expires ',
        instant(refusal.expiresAt, 'date and time'),
        '.',
      ]);
    case 'too_often':
      return refused(`There are too many reminders of ${subject}.`, 'Decide, or hand it over.');
  }
}
