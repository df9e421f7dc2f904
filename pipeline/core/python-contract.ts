import { z } from 'zod';
import { MlopsError } from './errors.ts';

/**
 * What the Python side writes, as the TypeScript side reads it. The same shapes stand as JSON
 * Schema in `training/schemas`; one sample of each is checked against both in the tests.
 */

const count = z.int().nonnegative();
const problem = z.object({ code: z.string(), message: z.string() });

export const prepareReportSchema = z.object({
  schemaVersion: z.literal(1),
  status: z.enum(['ok', 'invalid']),
  input: z.object({ name: z.string(), bytes: count, sha256: z.string(), format: z.string() }),
  rows: z.object({
    read: count,
    kept: count,
    exactDuplicates: count,
    nearDuplicates: count,
    conflicting: count,
    dropped: count,
  }),
  labels: z.record(z.string(), count),
  split: z.object({ train: count, validation: count, test: count }),
  columns: z.array(z.string()),
  warnings: z.array(problem.extend({ rows: z.array(count).default([]) })),
  errors: z.array(
    problem.extend({ row: count.nullable(), column: z.string().nullable(), hint: z.string() }),
  ),
  seconds: z.number().nonnegative(),
});
export type PrepareReport = z.output<typeof prepareReportSchema>;

const perClassSchema = z.record(
  z.string(),
  z.object({ precision: z.number(), recall: z.number(), f1: z.number(), support: count }),
);
export type PerClass = z.output<typeof perClassSchema>;

export const metricsSchema = z.object({
  schemaVersion: z.literal(1),
  metrics: z.record(z.string(), z.number()),
  rows: z.object({ train: count, validation: count }),
  steps: count,
  epochs: z.number(),
  seconds: z.object({ train: z.number(), total: z.number() }),
  resumedFromSteps: z.array(count),
  seed: z.int(),
  weightsSha256: z.string(),
  baseModel: z.string().nullable(),
  hyperparameters: z.record(z.string(), z.unknown()),
  versions: z.record(z.string(), z.string()),
});
export type TrainingMetrics = z.output<typeof metricsSchema>;

const modelScoresSchema = z.object({
  metrics: z.record(z.string(), z.number()),
  perClass: perClassSchema,
  latency: z.object({ p50Milliseconds: z.number(), p95Milliseconds: z.number() }),
});
/** How one model did on the held-out rows; every metric is a share from 0 to 1 unless named. */
export type ModelScores = z.output<typeof modelScoresSchema>;

export const evaluationSchema = z.object({
  schemaVersion: z.literal(1),
  rows: count,
  labels: z.array(z.string()),
  candidate: modelScoresSchema,
  production: modelScoresSchema.nullable(),
});
export type Evaluation = z.output<typeof evaluationSchema>;

export const smokeSchema = z.object({
  requests: z
    .array(
      z.object({
        contentType: z.string(),
        body: z.string(),
        expected: z.array(z.object({ label: z.string(), score: z.number() })),
      }),
    )
    .min(1),
});
/** Requests the evaluation recorded with the candidate's own answers; a live endpoint must repeat them. */
export type SmokeTest = z.output<typeof smokeSchema>;

const hyperparameterSchema = z.object({
  type: z.enum(['number', 'integer', 'string', 'boolean']),
  default: z.union([z.string(), z.number(), z.boolean()]),
  description: z.string(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
});
export type HyperparameterSpec = z.output<typeof hyperparameterSchema>;

export const recipeSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  task: z.enum(['text-classification', 'tabular-classification']),
  /** Whether its jobs resume from checkpoints; without, an interruption starts a job over. */
  checkpoints: z.boolean(),
  invocation: z.object({ contentType: z.string(), example: z.unknown() }),
  hyperparameters: z.record(z.string(), hyperparameterSchema),
});
export type Recipe = z.output<typeof recipeSchema>;

/** One line a job prints on stdout; anything else it prints is log. */
const jobEventSchema = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('progress'),
    step: count,
    total: count,
    epoch: z.number().optional(),
    loss: z.number().nullable().optional(),
    samples_per_second: z.number().nullable().optional(),
  }),
  z.object({ event: z.literal('resumed'), step: count }),
  z.object({ event: z.literal('checkpoint'), step: count }),
  z.object({ event: z.literal('interrupted'), step: count }),
]);
export type JobEvent = z.output<typeof jobEventSchema>;

/** A line as an event of the contract; null for whatever else a script prints. */
export function parseJobEvent(line: string): JobEvent | null {
  if (!line.startsWith('{')) return null;
  try {
    const parsed = jobEventSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/**
 * Parses a JSON document a job wrote.
 * @throws {MlopsError} `CONTRACT_BROKEN`, naming the file and the field that is off.
 */
export function parseContract<T>(schema: z.ZodType<T>, fileName: string, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MlopsError('CONTRACT_BROKEN', `${fileName} is not valid JSON.`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new MlopsError(
    'CONTRACT_BROKEN',
    `${fileName} does not match its schema: ${z.prettifyError(parsed.error)}`,
    { hint: 'The recipe that writes this file must follow its schema in training/schemas.' },
  );
}
