import type { Run } from '../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';
import type { ModelFacts } from '../blocks/message.ts';
import { decisionValue } from '../features/approval/decision-buttons.ts';
import { decisionQuestion } from '../features/approval/decision-messages.ts';
import { rejectionModal } from '../features/approval/rejection-modal.ts';
import { card } from '../features/run/card.ts';
import { thread } from '../features/run/thread.ts';
import { runStatus, runStatusFor } from '../features/status/status-message.ts';
import { answers, messages, modals, type Section } from './example.ts';
import { nastyNames } from './sample-parts.ts';
import { nastyOptions, sampleRuns } from './sample-runs.ts';
import type { StoryOptions } from './sample-story.ts';

export const sampleFacts: ModelFacts = {
  title: 'Spam filter',
  metric: 'macro_f1',
};

/** The stories a run is shown in: as they are, and with the worst text in every place. */
const variants: readonly (readonly [string, StoryOptions])[] = [
  ['', {}],
  ['first version', { firstVersion: true }],
  ['inconclusive', { outcome: 'inconclusive' }],
  ...nastyNames.map((_name, index) => [`nasty ${index + 1}`, nastyOptions(index)] as const),
];

/** Cards, thread entries, decisions and rejection modals of every sample run, in every variant. */
export function runHalls(): readonly Section[] {
  return variants.flatMap(([variant, options]) => {
    const runs = Object.entries(sampleRuns(options));
    const named = (title: string) => (variant === '' ? title : `${title}, ${variant}`);
    return [
      messages(
        named('Cards'),
        runs.map(([state, run]) => [state, card(run, sampleFacts)]),
      ),
      messages(named('Threads'), distinctEntries(runs)),
      modals(
        named('Rejection'),
        runs
          .filter(([, run]) => isWaitingForApproval(run))
          .map(([state, run]) => [state, rejectionModal(run, { metadata: decisionValue(run) })]),
      ),
      answers(
        named('Decisions'),
        runs
          .filter(([, run]) => isWaitingForApproval(run))
          .flatMap(([state, run]) => [
            [state, decisionQuestion(run, sampleFacts)] as const,
            [
              `${state}, rejected`,
              decisionQuestion(run, sampleFacts, options.reason ?? 'misses phishing'),
            ] as const,
          ]),
      ),
      answers(
        named('Status of a run'),
        runs.slice(-1).flatMap(([state, run]) => [
          [state, runStatus(run, sampleFacts)],
          [`${state}, asked in its thread`, runStatusFor('Ada *_~', run, sampleFacts)],
        ]),
      ),
    ];
  });
}

/** Every text an entry can have, once, named by the first state that tells it. */
function distinctEntries(runs: readonly (readonly [string, Run])[]) {
  const seen = new Set<string>();
  return runs.flatMap(([state, run]) =>
    thread(run, sampleFacts).flatMap((entry) => {
      const content = JSON.stringify([entry.key, entry.blocks]);
      if (seen.has(content)) return [];
      seen.add(content);
      return [[`${state}: ${entry.key}`, entry] as const];
    }),
  );
}
