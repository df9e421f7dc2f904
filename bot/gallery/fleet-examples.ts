import type { Alert } from '../../pipeline/core/alert/alert.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';
import { alertsMessage } from '../features/alerts/alerts-message.ts';
import { waitingMessage } from '../features/approval/waiting-message.ts';
import { type HomeInput, homeView } from '../features/home/home-view.ts';
import { logsMessage } from '../features/logs/logs.ts';
import { runsMessage } from '../features/runs/runs.ts';
import { statusMessage } from '../features/status/status-message.ts';
import { versionsMessage } from '../features/versions/versions-message.ts';
import { sampleAlerts } from './alert-examples.ts';
import { answers, homes, type Section } from './example.ts';
import { sampleFacts } from './run-examples.ts';
import { sampleModel, sampleNow, sampleVersion } from './sample-fleet.ts';
import { manyLabels, nastyNames } from './sample-parts.ts';
import { nastyOptions, sampleRuns } from './sample-runs.ts';

const runs = Object.values(sampleRuns());
const nastyRuns = nastyNames.flatMap((_name, index) =>
  Object.values(sampleRuns(nastyOptions(index))),
);
const two = [
  {
    ...sampleModel('spam', 'Spam filter', runs.filter(isWaitingForApproval).slice(0, 1)),
    countsNoInputs: true as const,
  },
  {
    ...sampleModel('tumour', 'Tumour classifier', []),
    production: null,
    endpoint: null,
    rollbackTo: null,
  },
];
const retired: ModelStatus = {
  ...sampleModel('spam', 'Spam filter', []),
  production: null,
  endpoint: null,
  rollbackTo: null,
  retired: {
    runId: 'spam-20261120-r1r2r3r4',
    by: { kind: 'person', id: 'U0GRACE', name: 'Grace' },
    at: '2026-11-19T16:05:00.000Z',
    reason: 'replaced by the new filter',
  },
};
const many = manyLabels.map((label, index) =>
  sampleModel(`model-${index}`, label.slice(0, 60), nastyRuns.slice(index, index + 5)),
);

/** What covers several runs or models: lists, status and the Home tab. */
export function fleetSections(): readonly Section[] {
  return [
    homes('Home', [
      ['approver', home(two, runs.filter(isWaitingForApproval).slice(0, 1), true)],
      ['guest', { ...home(two, runs.filter(isWaitingForApproval).slice(0, 1), false) }],
      ['no model yet', home([], [], true)],
      ['a retired model', home([retired], [], true)],
      ['40 models, everything waits', home(many, nastyRuns.filter(isWaitingForApproval), true)],
    ]),
    answers('Status', [
      ['two models', statusMessage(two, sampleNow)],
      ['a retired model', statusMessage([retired], sampleNow)],
      ['40 models', statusMessage(many, sampleNow)],
    ]),
    answers('Lists', [
      ['runs', runsMessage(runs.slice(-10).map(listed), sampleNow)],
      ['no runs', runsMessage([], sampleNow)],
      ['nasty runs', runsMessage(nastyRuns.slice(0, 10).map(listed), sampleNow)],
      ['versions', versionsMessage('spam', [7, 6, 5].map(sampleVersion), 7)],
      ['alerts', alertsMessage(sampleAlerts().map(listedAlert), [], { models: {} })],
      ['no open alerts', alertsMessage([], sampleAlerts().map(listedAlert), { models: {} })],
      ['no versions', versionsMessage('spam', [], null)],
      [
        '40 versions',
        versionsMessage(
          'spam',
          manyLabels.map((_, index) => sampleVersion(index)),
          3,
        ),
      ],
      ['approvals', waitingMessage(waiting(runs.filter(isWaitingForApproval), true))],
      ['no approvals', waitingMessage([])],
      ['many approvals', waitingMessage(waiting(nastyRuns.filter(isWaitingForApproval), false))],
      [
        'log',
        logsMessage('spam-20261120-a1b2c3d4', {
          job: 'train',
          lines: ['epoch 1', 'loss 0.51', 'epoch 2'],
        }),
      ],
      [
        'log of one line',
        logsMessage('spam-20261120-a1b2c3d4', { job: 'evaluate', lines: ['macro-F1 0.975'] }),
      ],
      ['no log', logsMessage('spam-20261120-a1b2c3d4', null)],
      [
        'nasty log',
        logsMessage('r', { job: 'train', lines: manyLabels.map((label) => label.repeat(20)) }),
      ],
    ]),
  ];
}

function home(fleet: HomeInput['fleet'], waitingRuns: readonly Run[], hasRights: boolean) {
  return homeView({
    fleet,
    waiting: waitingRuns.map((run, index) => ({
      run: { ...run, id: `${run.id}-${index}` },
      facts: sampleFacts,
      isMine: hasRights,
    })),
    isOperator: hasRights,
    mayRollBack: () => hasRights,
    selected: null,
    now: sampleNow,
  });
}

const listed = (run: Run) => ({
  run,
  link: `https://acme-ml.slack.com/archives/C0MLOPS/p${run.revision}`,
});

const listedAlert = (alert: Alert) => ({ alert, link: null });

const waiting = (all: readonly Run[], isMine: boolean) => all.map((run) => ({ run, isMine }));
