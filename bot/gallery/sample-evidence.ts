import { gatherEvidence } from '../../pipeline/core/evidence/evidence.ts';
import type { EvidenceReport } from '../../pipeline/core/evidence/evidence-report.ts';
import type { Predictions } from '../../pipeline/core/gate/predictions.ts';
import { sampleConfig } from './sample-fleet.ts';

interface EvidenceOptions {
  readonly labels?: readonly string[];
  readonly rows?: number;
  /** Every how many rows the models are wrong; null: production has no answers. */
  readonly wrong?: { readonly candidate: number; readonly production: number | null };
  readonly score?: number | null;
  /** What every shown row says. */
  readonly content?: string | null;
  /** The values of a column whose slices are looked at. */
  readonly slices?: readonly string[];
}

/** Evidence on made-up answers: the models are wrong on every so-many rows. */
export function sampleEvidence(
  options: EvidenceOptions = {},
  changes: Partial<EvidenceReport> = {},
): EvidenceReport {
  const {
    labels = ['ham', 'spam'],
    rows = 912,
    content = 'Please find the invoice attached.',
  } = options;
  const { spam } = sampleConfig.models;
  const policy = spam && { ...spam.gate, slices: ['country'] };
  const evidence = finish(
    gatherEvidence(
      samplePredictions({ ...options, labels, rows }),
      options.slices === undefined || policy === undefined ? {} : { policy },
    ),
  );
  return {
    model: 'spam',
    runId: 'spam-20261120-a1b2c3d4',
    version: 8,
    against: 7,
    isProductionNow: true,
    evidence,
    obstacle: null,
    isSeenUnknown: false,
    contents: {
      status: 'shown',
      byId:
        content === null
          ? {}
          : Object.fromEntries(evidence.chosen.map(({ id }) => [id, `${content} (${id})`])),
    },
    ...changes,
  };
}

function samplePredictions({
  labels,
  rows,
  wrong: { candidate, production } = { candidate: 23, production: 19 },
  score = 0.97,
  slices,
}: EvidenceOptions & { readonly labels: readonly string[]; readonly rows: number }): Predictions {
  const label = Array.from({ length: rows }, (_, row) => labels[row % labels.length] ?? '');
  const answers = (every: number) =>
    label.map((each, row) =>
      row % every === 0 ? (labels[(row + 1) % labels.length] ?? '') : each,
    );
  const scores = score === null ? null : label.map((_, row) => score + (row % 10) * 0.003);
  return {
    id: label.map((_, row) => `row-${row}`),
    label,
    candidate: answers(candidate),
    production: production === null ? null : answers(production),
    anchor: null,
    ...(slices === undefined
      ? {}
      : { slices: { country: label.map((_, row) => slices[row % slices.length] ?? '') } }),
    scores: { candidate: scores, production: production === null ? null : scores, anchor: null },
  };
}

function finish<T>(computation: Generator<void, T>): T {
  for (;;) {
    const next = computation.next();
    if (next.done === true) return next.value;
  }
}
