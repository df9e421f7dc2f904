import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Alert,
  alertId,
  alertKinds,
  isOpen,
  parseAlertId,
} from '../../pipeline/core/alert/alert.ts';
import { alertEvent } from '../../pipeline/core/alert/alert-events.ts';
import {
  type AlertChange,
  applyAlertChange,
} from '../../pipeline/core/alert/apply-alert-change.ts';
import { anObservation } from '../fakes/alert-samples.ts';

const of = { model: 'spam', kind: 'error_rate' } as const;
const ada = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
const needed = 3;
const minute = (n: number) => new Date(Date.UTC(2026, 10, 22, 9, n)).toISOString();

function look(n: number, isBreach: boolean, version = 6): AlertChange {
  const value = isBreach ? 0.2 : 0.01;
  const observation = anObservation({ at: minute(n), value, isBreach, version });
  return { type: 'observed', observation, needed, rollbackTo: 5 };
}

const bad = (n: number) => look(n, true);
const good = (n: number) => look(n, false);

function alertAfter(...changes: readonly AlertChange[]): Alert | null {
  return changes.reduce<Alert | null>(
    (before, change) => applyAlertChange(before, of, change),
    null,
  );
}

describe('an alert', () => {
  it('opens after that many breaches in a row, since the first of them', () => {
    expect(alertAfter(bad(1), bad(2))?.status).toBe('watching');
    expect(alertAfter(bad(1), bad(2), good(3), bad(4), bad(5))?.status).toBe('watching');
    expect(alertAfter(good(0), bad(1), bad(2), bad(3))).toMatchObject({
      id: 'spam-error-rate-1',
      status: 'open',
      opened: { since: minute(1), by: { at: minute(3) } },
      rollbackTo: 5,
    });
  });

  it('does not open on breaches of two versions', () => {
    expect(alertAfter(bad(1), bad(2), look(3, true, 7))?.status).toBe('watching');
  });

  it('recovers after that many good looks in a row', () => {
    const open = [bad(1), bad(2), bad(3)];

    expect(alertAfter(...open, good(4), good(5), bad(6), good(7), good(8))?.status).toBe('open');
    expect(alertAfter(...open, good(4), good(5), good(6))).toMatchObject({
      status: 'recovered',
      ended: { at: minute(6), silently: false, replacedBy: null },
    });
  });

  it('is followed by another with the next number', () => {
    const changes = [bad(1), bad(2), bad(3), good(4), good(5), good(6), bad(7), bad(8), bad(9)];

    expect(alertAfter(...changes)).toMatchObject({
      id: 'spam-error-rate-2',
      number: 2,
      status: 'open',
    });
  });

  it('keeps who acknowledged it first', () => {
    const acknowledge = (name: string, n: number): AlertChange => ({
      type: 'acknowledged',
      by: { ...ada, name },
      at: minute(n),
    });
    const changes = [bad(1), bad(2), bad(3), acknowledge('Ada', 4), acknowledge('Bob', 5)];

    expect(alertAfter(acknowledge('Ada', 4))).toBeNull();
    expect(alertAfter(...changes)).toMatchObject({
      status: 'acknowledged',
      acknowledged: { by: { name: 'Ada' }, at: minute(4) },
    });
  });

  it('stays muted over its successor until the time is over', () => {
    const mute: AlertChange = {
      type: 'muted',
      mute: { by: ada, at: minute(4), until: minute(30), reason: null },
    };
    const muted = [bad(1), bad(2), bad(3), mute, good(5), good(6), good(7)];
    const expire = (n: number): AlertChange => ({ type: 'unmuted', by: null, at: minute(n) });

    expect(alertAfter(...muted)?.ended?.silently).toBe(true);
    expect(alertAfter(...muted, bad(8))?.mute?.until).toBe(minute(30));
    expect(alertAfter(...muted, bad(8), expire(20))?.mute).not.toBeNull();
    expect(alertAfter(...muted, bad(8), expire(30))?.mute).toBeNull();
    expect(
      alertAfter(...muted, bad(8), { type: 'unmuted', by: ada, at: minute(9) })?.mute,
    ).toBeNull();
  });

  it('ends when another version has proven itself, not when its own has', () => {
    const replaced = (version: number): AlertChange => ({
      type: 'replaced',
      version,
      at: minute(9),
    });

    expect(alertAfter(bad(1), bad(2), bad(3), replaced(6))?.status).toBe('open');
    expect(alertAfter(bad(1), bad(2), bad(3), replaced(5))).toMatchObject({
      status: 'replaced',
      ended: { replacedBy: 5 },
    });
  });
});

const anyChange: fc.Arbitrary<AlertChange> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(40), fc.boolean(), fc.constantFrom(5, 6)).map((x) => look(...x)),
  },
  {
    weight: 2,
    arbitrary: fc.nat(40).map((n) => ({ type: 'acknowledged' as const, by: ada, at: minute(n) })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(40), fc.integer({ min: -5, max: 9 })).map(([n, length]) => ({
      type: 'muted' as const,
      mute: { by: ada, at: minute(n), until: minute(n + length), reason: null },
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(60), fc.constantFrom(ada, null))
      .map(([n, by]) => ({ type: 'unmuted' as const, by, at: minute(n) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(40), fc.constantFrom(5, 6))
      .map(([n, version]) => ({ type: 'replaced' as const, version, at: minute(n) })),
  },
);

describe('any interleaving of looks, people and duplicates', () => {
  it('has at most one open alert, recovers only after enough good looks, and never reopens', () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 120 }), (changes) => {
        const records = new Map<string, Alert>();
        const detected: string[] = [];
        let latest: Alert | null = null;
        for (const change of changes) {
          const next: Alert | null = applyAlertChange(latest, of, change);
          if (next === null || next === latest) continue;
          const before = records.get(next.id);
          expect(next.revision).toBe((before?.revision ?? 0) + 1);
          expect(before?.ended ?? null).toBeNull();
          if (next.status === 'recovered') {
            const tail = next.observations.slice(-needed);
            expect(tail.map(({ isBreach }) => isBreach)).toEqual([false, false, false]);
          }
          if (alertEvent(latest, next, change)?.type === 'RegressionDetected') {
            detected.push(next.id);
          }
          records.set(next.id, next);
          latest = next;
          expect([...records.values()].filter(isOpen).length).toBeLessThanOrEqual(1);
        }
        expect(new Set(detected).size).toBe(detected.length);
      }),
      { numRuns: 400 },
    );
  });

  it('does not change for a change that comes twice, or again after any later one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.array(fc.nat(39)),
        (changes, echoes) => {
          const looks = changes.map((isBreach, n) => look(n, isBreach));
          const echoed = looks.flatMap((each, i) => [
            each,
            each,
            ...echoes.filter((echo) => echo <= i).flatMap((echo) => looks[echo] ?? []),
          ]);

          expect(alertAfter(...echoed)).toEqual(alertAfter(...looks));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('parseAlertId', () => {
  it.each(['spam', 'spam-metric', 'm2'])('reads the id of every kind of alert of %s', (model) => {
    for (const kind of alertKinds) {
      expect(parseAlertId(alertId(model, kind, 12))).toEqual({ model, kind, number: 12 });
    }
  });

  it.each(['', 'spam', 'spam-12', 'spam-other-12', '-metric-12', 'spam-metric-x'])(
    'is null for %j',
    (text) => {
      expect(parseAlertId(text)).toBeNull();
    },
  );
});
