import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { alertCard } from '../../bot/features/alerts/alert-card.ts';
import { alertThread } from '../../bot/features/alerts/alert-thread.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import {
  type Alert,
  type AlertKind,
  alertKinds,
  type Observation,
} from '../../pipeline/core/alert/alert.ts';
import {
  type AlertChange,
  applyAlertChange,
} from '../../pipeline/core/alert/apply-alert-change.ts';
import { anObservation } from '../fakes/alert-samples.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
const minute = (n: number) => new Date(Date.UTC(2026, 10, 22, 9, n)).toISOString();

const figures: Readonly<Record<AlertKind, { good: number; bad: number; threshold: number }>> = {
  metric: { good: 0.94, bad: 0.861, threshold: 0.908 },
  error_rate: { good: 0.01, bad: 0.173, threshold: 0.05 },
  latency: { good: 210, bad: 3120.4, threshold: 2000 },
  input_drift: { good: 0.03, bad: 0.384, threshold: 0.1 },
};

const shifted: Observation['source'] = {
  kind: 'inputs',
  configName: 'spam-v6-aaaaaaaa',
  moved: ['score', 'words', 'column:size'],
  histogram: {
    name: 'words',
    bins: ['≤ 40', '> 40', 'missing'],
    reference: [100, 300, 0],
    now: [380, 220, 0],
  },
};

function look(kind: AlertKind, n: number, isBreach: boolean): AlertChange {
  const { good, bad, threshold } = figures[kind];
  const observation = anObservation({
    at: minute(n),
    value: isBreach ? bad : good,
    threshold,
    baseline: kind === 'metric' ? 0.938 : null,
    isBreach,
    ...(kind === 'input_drift' ? { sample: 600, source: shifted } : {}),
  });
  return { type: 'observed', observation, needed: 1, rollbackTo: 5 };
}

function told(kind: AlertKind, name: string, ...more: readonly AlertChange[]): Alert {
  const changes = [...Array.from({ length: 70 }, (_, n) => look(kind, n, n > 60)), ...more];
  const alert = changes.reduce<Alert | null>(
    (before, change) => applyAlertChange(before, { model: 'spam', kind }, change),
    null,
  );
  if (alert === null) throw new Error(`There is no alert of ${name}.`);
  return alert;
}

const states = (kind: AlertKind, name: string): readonly Alert[] => {
  const by = { kind: 'person', id: 'U0ADA', name } as const;
  const acknowledged: AlertChange = { type: 'acknowledged', by, at: minute(71) };
  const mute = { by, at: minute(72), until: minute(200), reason: `${name} ${name}` };
  return [
    told(kind, name),
    told(kind, name, acknowledged, { type: 'muted', mute }),
    told(kind, name, acknowledged, { type: 'muted', mute }, look(kind, 80, false)),
    told(kind, name, { type: 'replaced', version: 5, at: minute(90) }),
  ];
};

describe('an alert', () => {
  it.each(alertKinds)('about %s keeps Slack’s limits in every state, whoever is named', (kind) => {
    const operators = Array.from({ length: 60 }, (_, n) => (n % 2 ? `S0GROUP${n}` : `U0P${n}`));
    for (const name of nastyNames) {
      for (const alert of states(kind, name)) {
        const messages = [
          alertCard(alert, facts),
          ...alertThread(alert, { ...facts, title: name }, { operators }),
        ];
        for (const message of messages) expect(messageProblems(message)).toEqual([]);
      }
    }
  });

  it.each<[AlertKind, readonly string[]]>([
    ['metric', ['scores lower than when it was deployed', 'Macro-F1 0.861, −7.7 points']],
    ['error_rate', ['fails too many requests', 'Error rate 17.3 %; expected at most 5.0 %']],
    ['latency', ['responds too slowly', 'p95 latency 3,120 ms; expected at most 2,000 ms']],
    [
      'input_drift',
      [
        'gets inputs unlike those it was evaluated on',
        'Input shift 38 % in length in words, score of the answer, column “size”; expected at most 10 %',
        'over 600 inputs',
      ],
    ],
  ])('says of %s what regressed and by how much', (kind, expected) => {
    const text = plainText(alertCard(told(kind, 'Ada'), facts));

    for (const part of expected) expect(text).toContain(part);
  });

  it('keeps the text of its opening entry, whatever follows', () => {
    const openings = states('latency', 'Ada').map(
      (alert) => alertThread(alert, facts, { operators: ['U0ADA'] })[0],
    );

    expect(new Set(openings.map((entry) => JSON.stringify(entry))).size).toBe(1);
  });
});
