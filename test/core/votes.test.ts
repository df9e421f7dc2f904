import { describe, expect, it } from 'vitest';
import type { Alert } from '../../pipeline/core/alert/alert.ts';
import { judgementOf, precisionOf } from '../../pipeline/core/alert/votes.ts';
import { anAlert } from '../fakes/alert-samples.ts';

/** An alert that so many people called right, and so many a false alarm. */
function judged(right: number, wrong: number, overrides: Partial<Alert> = {}): Alert {
  const votes = Array.from({ length: right + wrong }, (_, index) => ({
    by: { kind: 'person', id: `U0VOTER${index}`, name: `Voter ${index}` } as const,
    at: '2026-11-22T10:00:00.000Z',
    isRight: index < right,
  }));
  return anAlert({ votes, ...overrides });
}

describe('the precision of a rule', () => {
  it.each([
    [0, 0, null],
    [1, 1, null],
    [1, 0, 'right'],
    [2, 1, 'right'],
    [0, 1, 'wrong'],
  ])('takes %d right and %d wrong answers about one alert as %s', (right, wrong, expected) => {
    expect(judgementOf(judged(right, wrong))).toBe(expected);
  });

  it('counts alerts, not answers, by model and kind', () => {
    const latency = { kind: 'latency' } as const;
    const all = [
      judged(5, 0, latency),
      judged(0, 1, latency),
      judged(1, 1, latency),
      anAlert(latency),
      judged(1, 0),
      judged(1, 0, { model: 'ham' }),
    ];

    expect(precisionOf(all)).toEqual([
      { model: 'ham', kind: 'metric', right: 1, judged: 1 },
      { model: 'spam', kind: 'metric', right: 1, judged: 1 },
      { model: 'spam', kind: 'latency', right: 1, judged: 2 },
    ]);
  });

  it('is unknown while no one has answered', () => {
    expect(precisionOf([anAlert()])).toEqual([]);
  });
});
