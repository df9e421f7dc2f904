import type { Incident, IncidentKind, Observation } from '../../pipeline/core/alert/alert.ts';
import {
  evolveIncident,
  type IncidentChange,
} from '../../pipeline/core/alert/apply-alert-change.ts';
import { incidentCard } from '../features/alerts/alert-card.ts';
import { incidentThread } from '../features/alerts/alert-thread.ts';
import { type Hall, messages } from './example.ts';
import { sampleFacts } from './run-examples.ts';
import { ada, nastyNames } from './sample-parts.ts';

const figures: Readonly<Record<IncidentKind, { good: number; bad: number; threshold: number }>> = {
  metric: { good: 0.951, bad: 0.902, threshold: 0.921 },
  error_rate: { good: 0.002, bad: 0.081, threshold: 0.05 },
  latency: { good: 21, bad: 640, threshold: 500 },
};
const kinds = Object.keys(figures) as readonly IncidentKind[];
const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString();

/** Alert cards in every state of every kind, and what their threads tell. */
export function incidentHalls(): readonly Hall[] {
  const all = kinds.flatMap((kind) =>
    Object.entries(storiesOf(kind)).map(
      ([state, changes]) => [`${kind}: ${state}`, fold(kind, changes)] as const,
    ),
  );
  const operators = Array.from({ length: 14 }, (_, index) => `U0PERSON${index}`);
  return [
    messages(
      'Alerts',
      all.map(([name, incident]) => [name, incidentCard(incident, sampleFacts)]),
    ),
    messages(
      'Threads of alerts',
      all.flatMap(([name, incident]) =>
        incidentThread(incident, sampleFacts, { operators }).map(
          (entry) => [`${name}: ${entry.key}`, entry] as const,
        ),
      ),
    ),
  ];
}

/** One open alert of every kind. */
export function sampleIncidents(): readonly Incident[] {
  return kinds.map((kind) => fold(kind, storiesOf(kind).opened ?? []));
}

function storiesOf(kind: IncidentKind): Readonly<Record<string, readonly IncidentChange[]>> {
  const opened = [look(kind, 0, false), look(kind, 10, true), look(kind, 20, true)];
  const acknowledged: IncidentChange = { type: 'acknowledged', by: ada, at: at(25) };
  const mute = { by: ada, at: at(25), until: at(145), reason: `${nastyNames[0]} is being fixed` };
  return {
    opened,
    acknowledged: [...opened, acknowledged],
    muted: [...opened, { type: 'muted', mute }],
    recovered: [...opened, acknowledged, look(kind, 30, false), look(kind, 40, false)],
    replaced: [...opened, { type: 'replaced', version: 8, at: at(50) }],
  };
}

function look(kind: IncidentKind, minute: number, isBreach: boolean): IncidentChange {
  const { good, bad, threshold } = figures[kind];
  const observation: Observation = {
    at: at(minute),
    version: 7,
    value: isBreach ? bad : good,
    baseline: kind === 'metric' ? good : null,
    threshold,
    isBreach,
    sample: 912,
    source:
      kind === 'metric'
        ? { kind: 'evaluation', runId: 'spam-20261120-a1b2c3d4' }
        : { kind: 'endpoint', configName: 'spam-v7', invocations: 1_204, serverErrors: 98 },
  };
  return { type: 'observed', observation, needed: 2, rollbackTo: 6 };
}

function fold(kind: IncidentKind, changes: readonly IncidentChange[]): Incident {
  const incident = changes.reduce<Incident | null>(
    (before, change) => evolveIncident(before, { model: 'spam', kind }, change),
    null,
  );
  if (incident === null) throw new Error('An incident begins with a look.');
  return incident;
}
