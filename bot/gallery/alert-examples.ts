import type { Alert, AlertKind, Observation } from '../../pipeline/core/alert/alert.ts';
import {
  type AlertChange,
  applyAlertChange,
} from '../../pipeline/core/alert/apply-alert-change.ts';
import { alertCard } from '../features/alerts/alert-card.ts';
import { alertThread } from '../features/alerts/alert-thread.ts';
import { directAlert } from '../features/alerts/direct-alert.ts';
import type { Cure } from '../features/alerts/find-cure.ts';
import { messages, type Section } from './example.ts';
import { sampleFacts } from './run-examples.ts';
import { ada, nastyNames } from './sample-parts.ts';
import { sampleRuns } from './sample-runs.ts';

const figures: Readonly<Record<AlertKind, { good: number; bad: number; threshold: number }>> = {
  metric: { good: 0.951, bad: 0.902, threshold: 0.921 },
  error_rate: { good: 0.002, bad: 0.081, threshold: 0.05 },
  latency: { good: 21, bad: 640, threshold: 500 },
  input_drift: { good: 0.04, bad: 0.38, threshold: 0.1 },
};
const kinds = Object.keys(figures) as readonly AlertKind[];
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString();

/** Alert cards in every state of every kind, and the entries of their threads. */
export function alertSections(): readonly Section[] {
  const all = kinds.flatMap((kind) =>
    Object.entries(changesOf(kind)).map(
      ([state, changes]) => [`${kind}: ${state}`, fold(kind, changes)] as const,
    ),
  );
  const operators = Array.from({ length: 14 }, (_, index) => `U0PERSON${index}`);
  return [
    messages(
      'Alerts',
      all.map(([name, alert]) => [name, alertCard(alert, sampleFacts)]),
    ),
    messages(
      'Alerts as direct messages',
      all.map(([name, alert]) => [
        name,
        directAlert(alert, sampleFacts, 'https://acme.slack.com/p1'),
      ]),
    ),
    messages(
      'Alerts whose cure is waiting',
      cures().flatMap(([name, cure]) =>
        all
          .filter(([, { kind, ended }]) => kind === 'metric' && ended === null)
          .map(([state, alert]) => [`${state}, ${name}`, alertCard(alert, sampleFacts, cure)]),
      ),
    ),
    messages(
      'Threads of alerts',
      all.flatMap(([name, alert]) =>
        alertThread(alert, sampleFacts, { operators }).map(
          (entry) => [`${name}: ${entry.key}`, entry] as const,
        ),
      ),
    ),
  ];
}

/** One open alert of every kind. */
export function sampleAlerts(): readonly Alert[] {
  return kinds.map((kind) => fold(kind, changesOf(kind).opened ?? []));
}

/** What happened to an alert until it reached a state, by the name of the state. */
function changesOf(kind: AlertKind): Readonly<Record<string, readonly AlertChange[]>> {
  const opened = [look(kind, 0, false), look(kind, 10, true), look(kind, 20, true)];
  const acknowledged: AlertChange = { type: 'acknowledged', by: ada, at: at(25) };
  const mute = { by: ada, at: at(25), until: at(145), reason: `${nastyNames[0]} is being fixed` };
  return {
    opened,
    acknowledged: [...opened, acknowledged],
    muted: [...opened, { type: 'muted', mute }],
    recovered: [...opened, acknowledged, look(kind, 30, false), look(kind, 40, false)],
    replaced: [...opened, { type: 'replaced', version: 8, at: at(50) }],
    retired: [...opened, { type: 'retired', at: at(50) }],
    accepted: [...opened, { type: 'accepted', by: ada, at: at(50), runs: [] }],
    'after two versions and 60 looks': [
      ...Array.from({ length: 40 }, (_, index) => look(kind, index - 400, false, 6)),
      ...Array.from({ length: 40 }, (_, index) => look(kind, index * 10, index > 25)),
    ],
  };
}

function cures(): readonly (readonly [string, Cure])[] {
  const run = sampleRuns()['waiting for approval'];
  if (run === undefined) throw new Error('There is no sample run that waits.');
  return [
    ['linked', { run, link: 'https://acme.slack.com/archives/C0MLOPS/p1' }],
    ['without a link', { run, link: null }],
  ];
}

function look(kind: AlertKind, minute: number, isBreach: boolean, version = 7): AlertChange {
  const { good, bad, threshold } = figures[kind];
  const observation: Observation = {
    at: at(minute),
    version,
    value: isBreach ? bad : good,
    baseline: kind === 'metric' ? good : null,
    threshold,
    isBreach,
    sample: 912,
    source: sourceOf(kind, isBreach),
  };
  const rollbackTo = kind === 'input_drift' ? null : 6;
  return { type: 'observed', observation, needed: 2, rollbackTo };
}

function sourceOf(kind: AlertKind, isBreach: boolean): Observation['source'] {
  switch (kind) {
    case 'metric':
      return { kind: 'evaluation', runId: 'spam-20261120-a1b2c3d4' };
    case 'input_drift':
      return {
        kind: 'inputs',
        configName: 'spam-v7',
        moved: isBreach ? ['unfamiliar words', 'column:size', 'score', ...nastyNames] : [],
        histogram: {
          name: 'unfamiliar words',
          bins: ['≤ 0.05', '≤ 0.1', '≤ 0.15', '≤ 0.2', '≤ 0.3', '> 0.3', ...nastyNames],
          reference: [210, 260, 180, 120, 90, 52, ...nastyNames.map(() => 0)],
          now: isBreach
            ? [20, 60, 110, 180, 260, 282, ...nastyNames.map(() => 1)]
            : [220, 250, 190, 110, 84, 58, ...nastyNames.map(() => 0)],
        },
      };
    default:
      return { kind: 'endpoint', configName: 'spam-v7', invocations: 1_204, serverErrors: 98 };
  }
}

function fold(kind: AlertKind, changes: readonly AlertChange[]): Alert {
  const alert = changes.reduce<Alert | null>(
    (before, change) => applyAlertChange(before, { model: 'spam', kind }, change),
    null,
  );
  if (alert === null) throw new Error('The first change of an alert must be an observation.');
  return alert;
}
