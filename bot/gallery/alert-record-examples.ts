import { type Alert, type AlertVote, alertKinds } from '../../pipeline/core/alert/alert.ts';
import type {
  AlertAction,
  DeploymentChange,
  PrecedingChange,
} from '../../pipeline/core/alert/production-changes.ts';
import type { RulePrecision } from '../../pipeline/core/alert/votes.ts';
import { alertCard } from '../features/alerts/alert-card.ts';
import { alertThread } from '../features/alerts/alert-thread.ts';
import { alertsMessage } from '../features/alerts/alerts-message.ts';
import { sampleAlerts } from './alert-examples.ts';
import { answers, messages, type Section } from './example.ts';
import { sampleFacts } from './run-examples.ts';
import { ada, grace, manyLabels, nastyNames } from './sample-parts.ts';

const at = '2026-11-20T09:06:00.000Z';
const config = { models: {} };
const runId = 'spam-20261120-a1b2c3d4';

const deployment: DeploymentChange = {
  kind: 'deployment',
  at,
  runId,
  version: 7,
  from: 6,
  how: 'approved',
  by: grace,
  reason: null,
};
const rollback: DeploymentChange = {
  ...deployment,
  version: 6,
  from: 7,
  how: 'rolled_back',
  by: ada,
  reason: 'phishing gets through',
};

/** What is recorded with alerts: what came before them, and what was done. */
export function alertRecordSections(): readonly Section[] {
  return [
    messages(
      'What changed before an alert',
      Object.entries(changes).map(([name, preceding]) => [name, changesEntry(preceding)]),
    ),
    messages(
      'Was this alert right?',
      Object.entries(votes).map(([name, given]) => [
        name,
        alertCard({ ...openAlert(), ...ends.recovered, votes: given }, sampleFacts),
      ]),
    ),
    answers('Precision of rules', [
      ['one rule', alertsMessage([], [], { config, precision: rules.slice(0, 1) })],
      ['many rules', alertsMessage([], [], { config, precision: rules })],
    ]),
    messages(
      'The summary of an alert',
      Object.entries(ends).map(([name, end]) => [
        name,
        entryOf('ended', { ...openAlert(), ...end }),
      ]),
    ),
  ];
}

const changes: Readonly<Record<string, readonly PrecedingChange[]>> = {
  'nothing recorded': [],
  'a deployment': [{ change: deployment, seconds: 240, goodLooks: 0 }],
  'a deployment that was fine at first': [{ change: deployment, seconds: 2_940, goodLooks: 9 }],
  'a rollback': [{ change: rollback, seconds: 0, goodLooks: 0 }],
  'a put-back, then traffic': [
    { change: { kind: 'traffic', at, before: 11.6, now: 61 }, seconds: 300, goodLooks: 0 },
    { change: { ...rollback, how: 'put_back', by: null }, seconds: 1_500, goodLooks: 3 },
  ],
  ...Object.fromEntries(
    nastyNames.map((fileName, index) => [
      `a dataset called ${index + 1}`,
      [{ change: dataset(fileName), seconds: 1_320, goodLooks: 0 }],
    ]),
  ),
};

function dataset(fileName: string): PrecedingChange['change'] {
  const difference = { action: 'continue', isMinor: true } as const;
  return {
    kind: 'dataset',
    at,
    runId,
    fileName,
    version: '3f9a1c77b2e4',
    differences: [
      { ...difference, kind: 'shares', reason: '“spam” is 40 % of the rows, before 13 %.' },
      { ...difference, kind: 'text_length', reason: `Texts are longer. ${fileName.repeat(3)}` },
    ],
  };
}

const vote = (name: string, isRight: boolean, index = 0): AlertVote => ({
  by: { ...grace, id: `U0VOTER${index}`, name },
  at,
  isRight,
});

const votes: Readonly<Record<string, readonly AlertVote[]>> = {
  'no answer yet': [],
  'two people disagree': [vote('Ada', true, 1), vote('Grace', false, 2)],
  'many people': Array.from({ length: 60 }, (_, index) =>
    vote(nastyNames[index % nastyNames.length] ?? '', index % 3 > 0, index),
  ),
};

const rules: readonly RulePrecision[] = manyLabels.map((label, index) => ({
  model: label,
  kind: alertKinds[index % alertKinds.length] ?? 'metric',
  right: index,
  judged: 50,
}));

const ended = { at: '2026-11-20T11:00:00.000Z', silently: false, replacedBy: null };
const actions: readonly AlertAction[] = [
  rollback,
  { ...deployment, how: 'by_policy', by: null },
  { ...rollback, how: 'put_back', by: null, reason: `Row 1 differs. ${nastyNames[0].repeat(9)}` },
];

const ends: Readonly<Record<string, Partial<Alert>>> = {
  recovered: { status: 'recovered', ended: { ...ended, actions: [] } },
  'recovered, acknowledged': {
    status: 'recovered',
    acknowledged: { by: ada, at },
    ended: { ...ended, actions: [] },
  },
  'from before it was kept': { status: 'recovered', ended },
  'rolled back': { status: 'replaced', ended: { ...ended, replacedBy: 6, actions: [rollback] } },
  'after many deployments': { status: 'replaced', ended: { ...ended, replacedBy: 6, actions } },
  ...Object.fromEntries(
    nastyNames.map((name, index) => [
      `retired by ${index + 1}`,
      { status: 'retired', ended: { ...ended, actions: [retirement(name)] } } as const,
    ]),
  ),
};

function retirement(name: string): AlertAction {
  return { kind: 'retirement', at, runId, by: { ...grace, name }, reason: name };
}

function openAlert() {
  const [first] = sampleAlerts();
  if (first?.opened == null) throw new Error('There is no open sample alert.');
  return { ...first, opened: first.opened };
}

function changesEntry(preceding: readonly PrecedingChange[]) {
  const alert = openAlert();
  return entryOf('changes', { ...alert, opened: { ...alert.opened, changes: preceding } });
}

/** An entry as it stands in the thread. */
function entryOf(key: string, alert: Alert) {
  const entries = alertThread(alert, sampleFacts, { operators: [] });
  const found = entries.find((each) => each.key === key);
  if (found === undefined) throw new Error(`The thread has no entry “${key}”.`);
  return found;
}
