import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { drawIncidentChart } from '../../bot/charts/incident-chart.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import { incidentCard } from '../../bot/messages/incident-card.ts';
import { incidentThread } from '../../bot/messages/incident-thread.ts';
import { plainText } from '../../bot/messages/plain-text.ts';
import {
  evolveIncident,
  type IncidentChange,
} from '../../pipeline/core/incident/evolve-incident.ts';
import {
  type Incident,
  type IncidentKind,
  incidentKinds,
} from '../../pipeline/core/incident/incident.ts';
import { anObservation } from '../fakes/incident-samples.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
const minute = (n: number) => new Date(Date.UTC(2026, 10, 22, 9, n)).toISOString();

const figures: Readonly<Record<IncidentKind, { good: number; bad: number; threshold: number }>> = {
  metric: { good: 0.94, bad: 0.861, threshold: 0.908 },
  error_rate: { good: 0.01, bad: 0.173, threshold: 0.05 },
  latency: { good: 210, bad: 3120.4, threshold: 2000 },
};

function look(kind: IncidentKind, n: number, isBreach: boolean): IncidentChange {
  const { good, bad, threshold } = figures[kind];
  const observation = anObservation({
    at: minute(n),
    value: isBreach ? bad : good,
    threshold,
    baseline: kind === 'metric' ? 0.938 : null,
    isBreach,
  });
  return { type: 'observed', observation, needed: 1, rollbackTo: 5 };
}

function told(kind: IncidentKind, name: string, ...more: readonly IncidentChange[]): Incident {
  const changes = [...Array.from({ length: 70 }, (_, n) => look(kind, n, n > 60)), ...more];
  const incident = changes.reduce<Incident | null>(
    (before, change) => evolveIncident(before, { model: 'spam', kind }, change),
    null,
  );
  if (incident === null) throw new Error(`There is no incident of ${name}.`);
  return incident;
}

const states = (kind: IncidentKind, name: string): readonly Incident[] => {
  const by = { kind: 'person', id: 'U0ADA', name } as const;
  const acknowledged: IncidentChange = { type: 'acknowledged', by, at: minute(71) };
  const mute = { by, at: minute(72), until: minute(200), reason: `${name} ${name}` };
  return [
    told(kind, name),
    told(kind, name, acknowledged, { type: 'muted', mute }),
    told(kind, name, acknowledged, { type: 'muted', mute }, look(kind, 80, false)),
    told(kind, name, { type: 'replaced', version: 5, at: minute(90) }),
  ];
};

describe('an alert', () => {
  it.each(incidentKinds)(
    'about %s keeps Slack’s limits in every state, whoever is named',
    (kind) => {
      const operators = Array.from({ length: 60 }, (_, n) => (n % 2 ? `S0GROUP${n}` : `U0P${n}`));
      for (const name of nastyNames) {
        for (const incident of states(kind, name)) {
          const messages = [
            incidentCard(incident, facts),
            ...incidentThread(incident, { ...facts, title: name }, { operators }),
          ];
          for (const message of messages) expect(messageProblems(message)).toEqual([]);
        }
      }
    },
  );

  it.each<[IncidentKind, readonly string[]]>([
    ['metric', ['scores lower than when it was deployed', 'Macro-F1 0.861, −7.7 points']],
    ['error_rate', ['fails too many requests', 'Error rate 17.3 %; at most 5.0 % is expected']],
    ['latency', ['answers too slowly', 'p95 latency 3,120 ms; at most 2,000 ms is expected']],
  ])('says of %s what regressed and by how much', (kind, expected) => {
    const text = plainText(incidentCard(told(kind, 'Ada'), facts));

    for (const part of expected) expect(text).toContain(part);
  });

  it('keeps the text of its opening as it was, whatever comes', () => {
    const openings = states('latency', 'Ada').map(
      (incident) => incidentThread(incident, facts, { operators: ['U0ADA'] })[0],
    );

    expect(new Set(openings.map((entry) => JSON.stringify(entry))).size).toBe(1);
  });

  it.each(incidentKinds)('about %s is drawn as a PNG of at most 100 kB', async (kind) => {
    const { png, altText } = await drawIncidentChart(told(kind, 'Ada'), facts);

    expect(Buffer.from(png.slice(1, 4)).toString('latin1')).toBe('PNG');
    expect(png.byteLength).toBeGreaterThan(5_000);
    expect(png.byteLength).toBeLessThanOrEqual(100_000);
    expect(altText).toMatch(/^Line chart of 60 looks\./);
  });
});
