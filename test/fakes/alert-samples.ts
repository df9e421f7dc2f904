import type { Alert, Observation } from '../../pipeline/core/alert/alert.ts';
import { applyAlertChange } from '../../pipeline/core/alert/apply-alert-change.ts';

/** A look at Macro-F1 on fresh rows that is far below what v6 was deployed with. */
export function anObservation(overrides: Partial<Observation> = {}): Observation {
  return {
    at: '2026-11-22T09:00:00.000Z',
    version: 6,
    value: 0.861,
    baseline: 0.938,
    threshold: 0.908,
    isBreach: true,
    sample: 912,
    source: { kind: 'evaluation', runId: 'spam-aaaaaaaa' },
    ...overrides,
  };
}

/** An open alert; `overrides` are what the test is about. */
export function anAlert(overrides: Partial<Alert> = {}): Alert {
  const of = { model: overrides.model ?? 'spam', kind: overrides.kind ?? 'metric' } as const;
  const opened = applyAlertChange(null, of, {
    type: 'observed',
    observation: anObservation(),
    needed: 1,
    rollbackTo: 5,
  });
  if (opened === null) throw new Error('One breach opens it.');
  return { ...opened, ...overrides };
}
