import { z } from 'zod';

const share = z.number().min(0).max(1);

/** What the gate of a model demands. */
export const gateSchema = z.strictObject({
  /**
   * `advisory` shows what the gate thinks and blocks nothing, for the first weeks with a new model:
   * people approve every version, so it needs `approval.mode: 'people'`.
   */
  mode: z.enum(['enforce', 'advisory']).default('enforce'),
  /** The figure the gate compares. */
  metric: z.enum(['macro_f1', 'accuracy']).default('macro_f1'),
  /** A candidate that is proven to be below this fails, whatever production scores (0–1). */
  minimum: share,
  /** Largest true loss, against production or the best version so far, that may stay possible (0–1). */
  nonInferiorityMargin: share.default(0.02),
  /** Largest observed loss against production that still passes (0–1). */
  tolerance: share.default(0.005),
  /**
   * Recall drop on one class, with at least `perClassRows` rows, that asks for people (0–1), when
   * chance does not explain it.
   */
  maxRecallDrop: share.default(0.05),
  /** Fewer held-out rows of a class, or of a slice, say too little. */
  perClassRows: z.int().positive().default(50),
  /**
   * Columns of the dataset, such as `country` or `source`, by whose values the rows are also compared.
   * They are no features, and their values are shown in Slack.
   */
  slices: z.array(z.string().min(1)).max(5).default([]),
  /**
   * Drop of accuracy on one slice, with at least `perClassRows` rows, that asks for people (0–1), when
   * chance does not explain it.
   */
  maxSliceDrop: share.default(0.05),
  /** On fewer held-out rows than this a candidate and production are not compared. */
  minimumRows: z.int().positive().default(30),
});

export type GatePolicy = z.output<typeof gateSchema>;
