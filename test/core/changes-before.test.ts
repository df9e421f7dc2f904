import { describe, expect, it } from 'vitest';
import type { Alert } from '../../pipeline/core/alert/alert.ts';
import {
  type AlertChange,
  applyAlertChange,
} from '../../pipeline/core/alert/apply-alert-change.ts';
import { changesBefore } from '../../pipeline/core/alert/changes-before.ts';
import type { DataChange } from '../../pipeline/core/data-contract/data-changes.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { anObservation } from '../fakes/alert-samples.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';

const ada = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
const minute = (n: number) => new Date(Date.UTC(2026, 10, 22, 9, n)).toISOString();

/** A look after so many requests since the deployment. */
function look(n: number, invocations: number, isBreach = false) {
  return anObservation({
    at: minute(n),
    isBreach,
    source: { kind: 'endpoint', configName: 'spam-v6', invocations, serverErrors: 0 },
  });
}

const breachAt = (n: number) => [look(n, 100, true)];

function live(n: number, deployment: Partial<Run['deployment'] & object> = {}, run = {}): Run {
  return aRun({
    id: `spam-live-at-${n}`,
    kind: 'promote',
    deployment: aDeployment({ from: 5, to: 6, verifiedAt: minute(n), ...deployment }),
    ...run,
  });
}

const preceding = (observations: Alert['observations'], runs: readonly Run[]) =>
  changesBefore(
    {
      model: 'spam',
      observations,
      since: observations.find(({ isBreach }) => isBreach)?.at ?? '',
    },
    runs,
  );

describe('changes before an alert', () => {
  it('are the version that went live last, and when', () => {
    const runs = [live(2), live(16, { to: 7, from: 6 })];

    expect(preceding(breachAt(20), runs)).toMatchObject([
      { change: { kind: 'deployment', version: 7, from: 6, how: 'by_policy' }, seconds: 240 },
      { change: { version: 6 }, seconds: 1_080 },
    ]);
  });

  it.each<[string, Run]>([
    ['went live after it', live(21)],
    ['went live more than a day before', live(19 - 24 * 60)],
    ['was never verified', live(5, { verifiedAt: null })],
    ['is of another model', live(5, {}, { model: 'tumour' })],
  ])('are not a version that %s', (_, run) => {
    expect(preceding(breachAt(20), [run])).toEqual([]);
  });

  it('name who rolled back and why, not who had approved', () => {
    const run = live(
      18,
      { from: 6, to: 5 },
      { kind: 'rollback', requestedBy: ada, reason: 'slow' },
    );

    expect(preceding(breachAt(20), [run])).toMatchObject([
      { change: { how: 'rolled_back', by: ada, version: 5, reason: 'slow' } },
    ]);
  });

  it('include a version that was put back because another did not work', () => {
    const run = live(10, { revertedAt: minute(18), revertReason: 'Row 1 differs.' });

    expect(preceding(breachAt(20), [run])).toMatchObject([
      { change: { how: 'put_back', version: 5, from: 6, by: null }, seconds: 120 },
      { change: { how: 'by_policy', version: 6 }, seconds: 600 },
    ]);
  });

  it('count the looks in between that were within the limit', () => {
    const looks = [look(1, 10), look(4, 20), look(7, 30), look(10, 40, true)];

    expect(preceding(looks, [live(3)])).toMatchObject([{ goodLooks: 2 }]);
    expect(preceding(looks, [live(8)])).toMatchObject([{ goodLooks: 0 }]);
  });

  describe('of the data', () => {
    const measured = (overrides: Partial<Run> = {}): Run =>
      aRun({ id: 'spam-aaaaaaaa', createdAt: minute(10), ...overrides });
    const evaluated = [anObservation({ at: minute(20) })];

    it('are the dataset that production had not been measured on', () => {
      expect(preceding(evaluated, [measured()])).toMatchObject([
        { change: { kind: 'dataset', fileName: 'mails.csv', differences: [] }, seconds: 600 },
      ]);
    });

    it('are none when an earlier run measured it on the same dataset', () => {
      const earlier = measured({
        id: 'spam-earlier',
        createdAt: minute(2),
        stages: [{ name: 'evaluate', status: 'succeeded', startedAt: null, endedAt: minute(4) }],
      });

      expect(preceding(evaluated, [measured(), earlier])).toEqual([]);
    });

    it('name a shift of the labels first', () => {
      const difference = { action: 'continue', isMinor: true } as const;
      const changes: readonly DataChange[] = [
        { ...difference, kind: 'text_length', reason: 'Texts are longer.' },
        { ...difference, kind: 'shares', reason: 'spam 13 % → 40 %.' },
      ];
      const run = measured({ dataChanges: { against: 6, action: 'continue', changes } });

      expect(preceding(evaluated, [run])).toMatchObject([
        { change: { differences: [{ kind: 'shares' }, { kind: 'text_length' }] } },
      ]);
    });
  });

  describe('of the traffic', () => {
    const steady = [look(0, 0), look(10, 100), look(20, 210), look(30, 300)];

    it('are requests that doubled in the look of the first breach', () => {
      expect(preceding([...steady, look(40, 520, true)], [])).toMatchObject([
        { change: { kind: 'traffic', at: minute(30), before: 10, now: 22 }, seconds: 600 },
      ]);
    });

    it.each([
      ['grew by less', [...steady, look(40, 480, true)]],
      ['are not known for long enough', [...steady.slice(2), look(40, 900, true)]],
      ['are counted anew', [...steady, look(40, 20, true)]],
    ])('are none when requests %s', (_, looks) => {
      expect(preceding(looks, [])).toEqual([]);
    });
  });

  it('stay in the alert as they were known when it opened', () => {
    const of = { model: 'spam', kind: 'latency' } as const;
    const change = (n: number, runs?: readonly Run[]): AlertChange => ({
      type: 'observed',
      observation: look(n, n * 10, true),
      needed: 1,
      rollbackTo: 5,
      ...(runs === undefined ? {} : { runs }),
    });
    const opened = applyAlertChange(null, of, change(20, [live(16)]));

    const later = Array.from({ length: 70 }, (_, n) => n + 21).reduce(
      (alert, n) => applyAlertChange(alert, of, change(n, [])),
      opened,
    );

    expect(opened?.opened?.changes).toMatchObject([{ seconds: 240 }]);
    expect(later?.opened).toEqual(opened?.opened);
  });
});
