import {
  type RollbackPlan,
  rollbackModal,
  rollbackQuestion,
} from '../features/rollback/rollback-modal.ts';
import { statusMessage } from '../features/status/status-message.ts';
import { diffMessage } from '../features/versions/diff-message.ts';
import { versionsMessage } from '../features/versions/versions-message.ts';
import { sampleAlerts } from './alert-examples.ts';
import { answers, modals, type Section } from './example.ts';
import { diff, side } from './form-examples.ts';
import { sampleModel, sampleNow, sampleVersion } from './sample-fleet.ts';
import { liftedMark, nastyMark, putBackMark, sampleMark } from './sample-marks.ts';
import { nastyNames } from './sample-parts.ts';
import { sampleRuns } from './sample-runs.ts';

/** The question before a rollback: as a form, and as a message where no form can open. */
export function rollbackSections(): readonly Section[] {
  const { 'waiting for approval': waiting } = sampleRuns();
  const overtaken = waiting === undefined ? [] : [waiting];
  const alerts = sampleAlerts();
  const longest = {
    ...plan,
    model: 'm'.repeat(20),
    rolledBack: nastyMark,
    alerts,
    overtaken: Array.from({ length: 5 }, () => overtaken).flat(),
  };
  return [
    modals('Rollback form', [
      ['as usual', rollbackModal(plan)],
      ['reason typed with the command', rollbackModal(plan, nastyNames[0])],
      ['something regresses', rollbackModal({ ...plan, alerts: alerts.slice(0, 1) })],
      ['somebody has just rolled back', rollbackModal({ ...plan, rolledBack: sampleMark })],
      ['a candidate waits', rollbackModal({ ...plan, overtaken })],
      ['live long ago, on other rows', rollbackModal(longAgo)],
      ['no figures', rollbackModal({ ...plan, diff: { ...plan.diff, metrics: [] } })],
      ['everything, at its longest', rollbackModal(longest, nastyNames.join(' '))],
    ]),
    answers('Rollback, where no form opens', [
      ['as usual', rollbackQuestion(plan)],
      ['everything, at its longest', rollbackQuestion(longest, nastyNames.join(' '))],
    ]),
    answers('Versions that were rolled back', [
      ['in a list', versionsMessage('spam', marked, 6, marks)],
      ['in a comparison', diffMessage({ ...diff(['ham']), to: { ...side(7), mark: sampleMark } })],
      ['mark lifted', diffMessage({ ...diff(['ham']), to: { ...side(7), mark: liftedMark } })],
      ['nasty reason', diffMessage({ ...diff(['ham']), to: { ...side(7), mark: nastyMark } })],
      [
        'status',
        statusMessage(
          [{ ...sampleModel('spam', 'Spam filter', []), rolledBack: sampleMark }],
          sampleNow,
        ),
      ],
    ]),
  ];
}

const marked = [7, 6, 5].map(sampleVersion);
const marks = new Map([
  [7, sampleMark],
  [5, putBackMark],
]);

const plan: RollbackPlan = {
  model: 'spam',
  from: 7,
  to: 6,
  requestId: 'spam-a1b2c3d4 v6',
  askedAt: '2026-11-20T12:00:00.000Z',
  metric: 'macro_f1',
  diff: {
    ...diff([]),
    from: side(7),
    to: side(6),
    metrics: [{ name: 'macro_f1', from: 0.952, to: 0.938 }],
  },
  live: {
    from: { since: '2026-11-19T16:05:00.000Z' },
    to: { since: '2026-11-02T08:30:00.000Z', until: '2026-11-19T16:05:00.000Z' },
  },
  alerts: [],
  rolledBack: null,
  overtaken: [],
  underway: null,
};
const longAgo: RollbackPlan = {
  ...plan,
  diff: { ...plan.diff, isOnSameRows: false },
  live: { ...plan.live, to: null },
};
