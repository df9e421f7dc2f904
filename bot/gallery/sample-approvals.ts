import type { Decision } from '../../pipeline/core/run.ts';
import type { SampleOptions } from './sample-options.ts';
import { ada, grace, graceInStudio, nastyNames } from './sample-parts.ts';
import type { Steps } from './sample-steps.ts';
import { type SampleStep, sampleStart } from './sample-timeline.ts';

const digest = 'd1'.repeat(32);

/** What happens to a request for approval. */
export function sampleApprovals(options: SampleOptions, { after, stage }: Steps) {
  const { outcome = 'pass', approvers = ['U0GRACE'], quorum = 1 } = options;
  const isReasonRequired =
    outcome === 'not_comparable' || outcome === 'fail' || options.changes?.action === 'ask';
  const decided = (
    by: typeof ada,
    verb: 'approved' | 'rejected',
    reason: string | null,
    source: Pick<Decision, 'via'> = {},
  ): SampleStep =>
    after(240, 'DecisionRecorded', {
      digest,
      decision: { by, outcome: verb, reason, at: sampleStart, ...source },
    });

  return {
    asked: [
      stage('approve'),
      after(1, 'ApprovalRequested', {
        approvers,
        quorum,
        selfApproval: false,
        digest,
        expiresAt: '2026-11-22T09:36:00.000Z',
        needed: true,
        ...(isReasonRequired ? { reasonRequired: true } : {}),
      }),
    ],
    waived: [
      stage('approve'),
      after(1, 'ApprovalRequested', {
        approvers: [],
        quorum: 1,
        selfApproval: false,
        digest,
        expiresAt: null,
        needed: false,
      }),
    ],
    outdated: [after(3_600, 'ProductionChanged', { live: 8, isProven: false })],
    reminded: [after(14_400, 'ApprovalReminded', {})],
    snoozed: [
      after(3_600, 'ApprovalSnoozed', { by: grace, until: '2026-11-20T12:00:00.000Z' }),
      after(7_200, 'SnoozesEnded', {}),
    ],
    handedOver: [after(7_200, 'ApprovalHandedOver', { by: ada, to: grace })],
    remindedByPerson: [after(7_200, 'ReminderRequested', { by: ada })],
    approved: [decided(grace, 'approved', null)],
    rejected: [decided(grace, 'rejected', `Too many false alarms on ${nastyNames[0]}.`)],
    approvedInStudio: [
      decided(graceInStudio, 'approved', `Compared with ${nastyNames[0]}.`, { via: 'studio' }),
    ],
    rejectedInStudio: [decided(graceInStudio, 'rejected', 'No reason given.', { via: 'studio' })],
    expired: [after(172_800, 'ApprovalExpired', {})],
  };
}
