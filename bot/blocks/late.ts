import { answer } from './answer.ts';

/** What Slack shows when a request takes longer than it waits, and goes on elsewhere. */
export const goesOn = answer(
  'This takes longer than Slack waits.',
  'It goes on, and answers here.',
);

/** The same when it could not go on. */
export const notDone = answer(
  'This took longer than Slack waits, and could not be continued.',
  'Repeat it. Within a minute, the same words count once.',
);
