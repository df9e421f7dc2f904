import type { Alert } from '../../pipeline/core/alert/alert.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';
import { hasEnded, type Run } from '../../pipeline/core/run.ts';
import { isWaitingForApproval } from '../blocks/headline.ts';
import { alertsMessage } from '../features/alerts/alerts-message.ts';
import { waitingMessage } from '../features/approval/waiting-message.ts';
import { type HomeState, wholeFleet } from '../features/home/home-state.ts';
import { homeView } from '../features/home/home-view.ts';
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

const sample = sampleRuns();
const lives = ['deployed', 'training', 'blocked', 'rejected', 'replaced'].flatMap((name) => {
  const run = sample[name];
  return run === undefined ? [] : [run];
});
const fifty = Array.from({ length: 50 }, (_, index): ModelStatus => {
  const [run] = lives.slice(index % lives.length);
  const recent = run === undefined ? [] : [run];
  const model = sampleModel(
    `model-${index}`,
    `Model ${index}`,
    recent.filter((r) => !hasEnded(r)),
  );
  return {
    ...model,
    recentRuns: recent,
    alerts: index % 20 === 3 ? sampleAlerts().slice(0, 1) : [],
    ...(index % 10 === 9 ? { production: null, endpoint: null, rollbackTo: null } : {}),
  };
});

function untouched(model: ModelStatus): ModelStatus {
  return {
    ...model,
    production: null,
    endpoint: null,
    rollbackTo: null,
    activeRuns: [],
    recentRuns: [],
  };
}
const noRules = { config: { models: {} }, precision: [] };

/** What covers several runs or models: lists, status and the Home tab. */
export function fleetSections(): readonly Section[] {
  return [
    homes('Home', [
      ['approver', home(two, runs.filter(isWaitingForApproval).slice(0, 1), true)],
      ['guest', { ...home(two, runs.filter(isWaitingForApproval).slice(0, 1), false) }],
      ['no model yet', home([], [], true)],
      ['a retired model', home([retired], [], true)],
      ['40 models, everything waits', home(many, nastyRuns.filter(isWaitingForApproval), true)],
      ['50 models', home(fifty, runs.filter(isWaitingForApproval).slice(0, 1), true)],
      ['50 models, the last page', home(fifty, [], true, { filter: 'all', page: 2, model: null })],
      [
        '50 models, what is wrong',
        home(fifty, [], true, { filter: 'wrong', page: 0, model: null }),
      ],
      ['50 models, one found', home(fifty, [], true, { filter: 'all', page: 0, model: 'model-7' })],
      ['a first start', home(two.map(untouched), [], true)],
      ['a first start, guest', home(two.map(untouched), [], false)],
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
      ['alerts', alertsMessage(sampleAlerts().map(listedAlert), [], noRules)],
      ['no open alerts', alertsMessage([], sampleAlerts().map(listedAlert), noRules)],
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

function home(
  fleet: readonly ModelStatus[],
  waitingRuns: readonly Run[],
  hasRights: boolean,
  state: HomeState = wholeFleet,
) {
  return homeView({
    fleet: fleet.map((status, index) => ({
      status,
      maker: null,
      schedule: index % 3 === 0 ? 'rate(7 days)' : null,
    })),
    waiting: waitingRuns.map((run, index) => ({
      run: { ...run, id: `${run.id}-${index}` },
      facts: sampleFacts,
      isMine: hasRights,
    })),
    isOperator: hasRights,
    mayRollBack: () => hasRights,
    state,
    now: sampleNow,
  });
}

const listed = (run: Run) => ({
  run,
  link: `https://acme-ml.slack.com/archives/C0MLOPS/p${run.revision}`,
});

const listedAlert = (alert: Alert) => ({ alert, link: null });

const waiting = (all: readonly Run[], isMine: boolean) => all.map((run) => ({ run, isMine }));
