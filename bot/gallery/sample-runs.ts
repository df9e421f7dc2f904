import type { Failure } from '../../pipeline/core/errors.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { appendedSteps } from './sample-appended.ts';
import { sampleEvents } from './sample-events.ts';
import type { SampleOptions } from './sample-options.ts';
import { dataset, manyLabels, nastyNames } from './sample-parts.ts';
import { fold, type SampleStep, timeline } from './sample-timeline.ts';

const trainingFailed: Failure = {
  code: 'TRAINING_FAILED',
  message: 'The training script ended with an error: CUDA out of memory.',
  hint: 'Use a smaller batch size, or a larger instance type in mlops.config.ts.',
};
const dataInvalid: Failure = {
  code: 'DATASET_INVALID',
  message: '23 rows have no label.',
  hint: 'Give every row a label, or remove the row.',
};
const dataChanged: Failure = {
  code: 'DATASET_CHANGED',
  message:
    'Not trained, because the data differs from that of v6. The dataset shrank from 31,400 to 9,120 rows (−71 %), and hardly any of them was in it before: is this only the new part?',
  hint: '“Train anyway” or /mlops retry spam-20261120-a1b2c3d4 trains on it; people then decide whether it goes live.',
};
const archiveChanged: Failure = {
  code: 'ARCHIVE_CHANGED',
  message:
    'The archive of version 7 is not the one that was registered: its SHA-256 is 5ba93c9db0cf… instead of abababababab….',
  hint: 'Production is unchanged. Find out what changed runs/r/jobs/train/model.tar.gz; /mlops retrain spam trains a new version.',
};

/** One run in each state a card can show, by the name of the state. */
export function sampleRuns(options: SampleOptions = {}): Readonly<Record<string, Run>> {
  const s = sampleEvents(options);
  const toTraining = [...s.started, ...s.preparing, ...s.prepared, ...s.training];
  const toTrained = [...toTraining, ...s.progressing, ...s.interrupted, ...s.resumed, ...s.trained];
  const toJudged = [...toTrained, ...s.evaluating, ...s.evaluated, ...s.judged];
  const toAsked = [...toJudged, ...s.registered, ...s.asked];
  const toLive = [...toAsked, ...s.approved, ...s.deploying, ...s.deployed, ...s.watching];
  const late = (runKind: 'promote' | 'rollback' | 'retire') =>
    sampleEvents({ ...options, kind: runKind, reason: options.reason ?? null });
  const promote = late('promote');
  const alone = sampleEvents({ ...options, kind: 'promote', reason: null, approvers: ['U0ADA'] });
  const rollback = late('rollback');
  const retire = late('retire');
  const blocked = sampleEvents({ ...options, outcome: 'fail' });
  const toBlocked = [...toTrained, ...s.evaluating, ...blocked.evaluated, ...blocked.judged];
  const states: Record<string, readonly SampleStep[]> = {
    started: s.started,
    preparing: [...s.started, ...s.preparing],
    'other settings': [...s.started, ...s.preparing, ...s.resolved],
    'data invalid': [...s.started, ...s.preparing, ...s.invalid, ...s.ended('failed', dataInvalid)],
    'data changed': [
      ...s.started,
      ...s.preparing,
      ...s.changed,
      ...s.ended('blocked', dataChanged),
    ],
    appended: appendedSteps(options),
    'training starts': toTraining,
    'job queued': [...toTraining, ...s.jobQueued],
    training: [...toTraining, ...s.progressing],
    interrupted: [...toTraining, ...s.progressing, ...s.interrupted],
    resumed: [...toTraining, ...s.progressing, ...s.interrupted, ...s.resumed],
    'training failed': [...toTraining, ...s.progressing, ...s.ended('failed', trainingFailed)],
    stopping: [...toTraining, ...s.progressing, ...s.stopping],
    stopped: [...toTraining, ...s.progressing, ...s.stopping, ...s.ended('stopped')],
    evaluating: [...toTrained, ...s.evaluating],
    judged: toJudged,
    blocked: [...toBlocked, ...s.ended('blocked')],
    'waiting for approval': toAsked,
    'out of date': [...toAsked, ...s.outdated],
    'no one can approve': [...alone.started, ...alone.asked],
    reminded: [...toAsked, ...s.reminded],
    'reminded later': [...toAsked, ...s.snoozed],
    'handed over': [...toAsked, ...s.handedOver],
    'reminded by a person': [...toAsked, ...s.remindedByPerson],
    rejected: [...toAsked, ...s.rejected, ...s.ended('rejected')],
    'approved in Studio': [...toAsked, ...s.approvedInStudio],
    'rejected in Studio': [...toAsked, ...s.rejectedInStudio, ...s.ended('rejected')],
    expired: [...toAsked, ...s.expired, ...s.ended('expired')],
    superseded: [...toAsked, ...s.approved, ...s.ended('superseded')],
    queued: [...toAsked, ...s.approved, ...s.queued],
    deploying: [...toAsked, ...s.approved, ...s.deploying],
    'deployment failed': [
      ...toAsked,
      ...s.approved,
      ...s.deploying,
      ...s.ended('failed', {
        code: 'VERIFICATION_FAILED',
        message: 'The endpoint answered 3 of 20 recorded rows differently.',
        hint: 'spam was restored to its previous state.',
      }),
    ],
    'archive changed': [
      ...toAsked,
      ...s.approved,
      ...s.deployBegins,
      ...s.ended('failed', archiveChanged),
    ],
    watching: toLive,
    deployed: [...toLive, ...s.watched, ...s.ended('deployed')],
    replaced: [...toLive, ...s.watched, ...s.ended('deployed'), ...s.replaced],
    'rolled back by people': [
      ...toLive,
      ...s.watched,
      ...s.ended('deployed'),
      ...s.replacedByRollback,
    ],
    'not put back yet': [...toLive, ...s.stuck],
    reverted: [...toLive, ...s.reverted, ...s.ended('rolled_back')],
    'automatic approval': [
      ...toJudged,
      ...s.registered,
      ...s.waived,
      ...s.deploying,
      ...s.deployed,
      ...s.watching,
      ...s.watched,
      ...s.ended('deployed'),
    ],
    'promote waits': [...promote.started, ...promote.asked],
    promoted: [
      ...promote.started,
      ...promote.asked,
      ...promote.approved,
      ...promote.deploying,
      ...promote.deployed,
      ...promote.watching,
      ...promote.watched,
      ...promote.ended('deployed'),
    ],
    'rolling back': [...rollback.started, ...rollback.deploying],
    'rolled back': [
      ...rollback.started,
      ...rollback.deploying,
      ...rollback.deployed,
      ...rollback.watching,
      ...rollback.watched,
      ...rollback.ended('deployed'),
    ],
    retiring: [...retire.started, ...retire.retiring],
    retired: [...retire.started, ...retire.retiring, ...retire.ended('retired')],
    'not retired': [
      ...retire.started,
      ...retire.retiring,
      ...retire.ended('failed', {
        code: 'CONFLICT',
        message: 'A run of spam is active: spam-20261120-a1b2c3d4.',
        hint: 'Nothing was changed.',
      }),
    ],
    'live until retired': [...toLive, ...s.watched, ...s.ended('deployed'), ...s.retired],
    'mark lifted': [
      ...rollback.started,
      ...rollback.deploying,
      ...rollback.deployed,
      ...rollback.watching,
      ...rollback.watched,
      ...rollback.ended('deployed'),
      ...rollback.lifted,
    ],
  };
  return Object.fromEntries(
    Object.entries(states).map(([name, steps]) => [name, fold(timeline(steps))]),
  );
}

/** Options that put hostile text into every place of a run that shows what people typed. */
export function nastyOptions(index: number): SampleOptions {
  const name = nastyNames[index % nastyNames.length] ?? '';
  return {
    dataset: dataset(name),
    labels: manyLabels,
    reason: `${name} ${name}`,
    hyperparameters: Object.fromEntries(manyLabels.map((label) => [label, name])),
    approvers: Array.from({ length: 30 }, (_, n) => (n % 2 ? `S0GROUP${n}` : `U0PERSON${n}`)),
    quorum: 3,
  };
}
