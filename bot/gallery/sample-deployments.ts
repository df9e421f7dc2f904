import type { SampleOptions } from './sample-options.ts';
import { grace } from './sample-parts.ts';
import type { Steps } from './sample-steps.ts';

/** What happens to a deployment, until long after its run. */
export function sampleDeployments(options: SampleOptions, { after, stage }: Steps) {
  const { kind = 'retrain', firstVersion = false } = options;
  return {
    queued: [stage('deploy'), after(1, 'DeploymentQueued', { behind: 'spam-20261120-ffff0000' })],
    deployBegins: [stage('deploy')],
    deploying: [
      stage('deploy'),
      after(2, 'DeploymentStarted', {
        from: firstVersion ? null : kind === 'retrain' ? 6 : 7,
        fromConfigName: firstVersion ? null : 'spam-v6-00000000',
        to: kind === 'retrain' ? (firstVersion ? 1 : 7) : 6,
        endpointName: 'spam',
        configName: 'spam-v7-a1b2c3d4',
        waitedSeconds: 0,
      }),
    ],
    deployed: [
      after(14, 'VersionDeployed', {
        url: 'http://127.0.0.1:4310/endpoints/spam/invocations',
        example: {
          contentType: 'application/json',
          body: '{"inputs":"Congratulations, you have won! Reply with your bank details."}',
        },
        verifiedRows: 20,
        startSeconds: 3.2,
        watchUntil: '2026-11-20T10:00:00.000Z',
      }),
    ],
    watching: [stage('watch')],
    watched: [after(600, 'WatchCompleted', { waitingSeconds: 600 })],
    reverted: [
      after(120, 'DeploymentReverted', {
        reason: '7 of 40 requests failed with a server error (17.5 %); the limit is 5 %.',
      }),
    ],
    stuck: [
      after(600, 'PutBackDelayed', { reason: 'The endpoint spam is being changed already.' }),
    ],
    replaced: [after(7_200, 'DeploymentReplaced', { by: 'spam-20261121-e5f6g7h8', version: 8 })],
    retiring: [after(2, 'StageStarted', { stage: 'retire' })],
    retired: [
      after(86_400, 'DeploymentRetired', {
        by: 'spam-20261122-r1r2r3r4',
        person: grace,
        reason: options.reason ?? 'replaced by the new filter',
      }),
    ],
    replacedByRollback: [
      after(7_200, 'DeploymentReplaced', {
        by: 'spam-20261121-e5f6g7h8',
        version: 6,
        rollback: { by: grace, reason: options.reason ?? null },
      }),
    ],
  };
}
