import type { Run } from '../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';
import type { Message, ModelFacts } from '../blocks/message.ts';
import { decisionValue } from '../features/approval/decision-buttons.ts';
import { decisionQuestion } from '../features/approval/decision-messages.ts';
import { handOverModal } from '../features/approval/hand-over-modal.ts';
import { overrideModal } from '../features/approval/override-modal.ts';
import { rejectionModal } from '../features/approval/rejection-modal.ts';
import { whichMessage } from '../features/approval/which-message.ts';
import { retryQuestion } from '../features/retry/retry-question.ts';
import { card } from '../features/run/card.ts';
import { detailsModal } from '../features/run/details-action.ts';
import { directReminder, directRequest } from '../features/run/direct-request.ts';
import { thread } from '../features/run/thread.ts';
import { runStatus, runStatusFor } from '../features/status/status-message.ts';
import { answers, messages, modals, type Section } from './example.ts';
import { relabelledData } from './sample-data-changes.ts';
import { sampleConfig } from './sample-fleet.ts';
import type { SampleOptions } from './sample-options.ts';
import { baselines, nastyNames } from './sample-parts.ts';
import { nastyOptions, sampleRuns } from './sample-runs.ts';
import { advisoryVerdict, gatePolicy, slicedVerdict, wornVerdict } from './sample-verdicts.ts';

export const sampleFacts: ModelFacts = {
  title: 'Spam filter',
  metric: 'macro_f1',
  gate: gatePolicy,
};

/** The variants each run is shown in: as usual, and with hostile text in every place. */
const variants: readonly (readonly [string, SampleOptions])[] = [
  ['', {}],
  ['first version', { firstVersion: true }],
  ['inconclusive', { outcome: 'inconclusive' }],
  ['not comparable', { outcome: 'not_comparable' }],
  ['advisory', { outcome: 'fail', verdict: advisoryVerdict }],
  ['baseline beaten', { baseline: baselines.beaten }],
  ['baseline level', { baseline: baselines.level }],
  ['baseline better', { baseline: baselines.better }],
  ['baseline failed', { baseline: baselines.failed }],
  ['data relabelled', { changes: relabelledData }],
  ['worse slices', { outcome: 'inconclusive', verdict: slicedVerdict }],
  ['behind the best version', { outcome: 'inconclusive', verdict: wornVerdict }],
  ...nastyNames.map((_name, index) => [`nasty ${index + 1}`, nastyOptions(index)] as const),
];

/** Cards, thread entries, decisions and rejection modals of every sample run, in every variant. */
export function runSections(): readonly Section[] {
  return variants.flatMap(([variant, options]) => {
    const runs = Object.entries(sampleRuns(options));
    const named = (title: string) => (variant === '' ? title : `${title}, ${variant}`);
    return [
      messages(
        named('Cards'),
        runs.map(([state, run]) => [state, card(run, sampleFacts)]),
      ),
      modals(
        named('Details'),
        runs.map(([state, run]) => [state, detailsModal(run, sampleFacts)]),
      ),
      messages(named('Threads'), distinctEntries(runs)),
      modals(
        named('Rejection'),
        runs
          .filter(([, run]) => isWaitingForApproval(run))
          .map(([state, run]) => [state, rejectionModal(run, { metadata: decisionValue(run) })]),
      ),
      modals(
        named('Handing over'),
        runs
          .filter(([, run]) => isWaitingForApproval(run))
          .map(([state, run]) => [state, handOverModal(run)]),
      ),
      answers(
        named('Direct messages'),
        distinct(runs.filter(([, { approval }]) => approval !== null).flatMap(directExamples)),
      ),
      modals(
        named('Overriding the gate'),
        runs
          .filter(([, run]) => isWaitingForApproval(run) && run.approval?.reasonRequired === true)
          .map(([state, run]) => [state, overrideModal(run, decisionValue(run))]),
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
      answers(named('Which version'), [
        [
          'approve',
          whichMessage(waitingRuns(runs), { outcome: 'approved', reason: null }, sampleConfig),
        ],
        [
          'reject on the command line',
          whichMessage(
            waitingRuns(runs),
            { outcome: 'rejected', reason: 'misses phishing', withIds: true },
            sampleConfig,
          ),
        ],
      ]),
      answers(
        named('Retry'),
        runs
          .filter(([, run]) => run.verdict?.outcome === 'fail')
          .map(([state, run]) => [state, retryQuestion(run, 'r')]),
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

/** What an approver gets, while it waits for them and afterwards. */
function directExamples([state, run]: readonly [string, Run]) {
  const isAsked = isWaitingForApproval(run);
  const reader = { id: 'U0GRACE', isAsked, address: 'https://acme.slack.com/p1' };
  return [
    [state, directRequest(run, sampleFacts, reader)],
    [`${state}: reminder`, directReminder(run, reader.id, isAsked)],
  ] as const;
}

const waitingRuns = (runs: readonly (readonly [string, Run])[]) =>
  runs.map(([, run], index) => ({ ...run, id: `${run.id}-${index}` })).filter(isWaitingForApproval);

/** Every distinct thread entry once, named after the first state that posts it. */
function distinctEntries(runs: readonly (readonly [string, Run])[]) {
  return distinct(
    runs.flatMap(([state, run]) =>
      thread(run, sampleFacts).map((entry) => [`${state}: ${entry.key}`, entry] as const),
    ),
  );
}

/** Every distinct message once, by the first of its names. */
function distinct<T extends Message>(all: readonly (readonly [string, T])[]) {
  const seen = new Set<string>();
  return all.filter(([, { blocks, ...rest }]) => {
    const content = JSON.stringify([blocks, 'key' in rest ? rest.key : null]);
    return seen.has(content) ? false : seen.add(content);
  });
}
