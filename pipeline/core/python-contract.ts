import { z } from 'zod';
import { MlopsError } from './errors.ts';

export { type JobEvent, jobEventSchema, parseJobEvent } from './job-event.ts';
export { type HyperparameterSpec, type Recipe, recipeSchema } from './recipe.ts';

/**
 * What the Python side writes, as the TypeScript side reads it. `training/schemas` has the same
 * shapes as JSON Schema. Both refuse the same missing fields, types and limits in what is read here
 * (`test/core/python-contract.test.ts`); the JSON Schemas refuse unknown fields too.
 */

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const seconds = z.number().nonnegative();
const line = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const contentType = z.literal('application/json');
const problem = z.object({ code: z.string().regex(/^[a-z][a-z_]*$/), message: z.string() });

const rowId = z.string().regex(/^[0-9a-f]{12}$/);

export const rowProfileSchema = z.object({
  /** Quartiles in characters; null for tabular data. */
  textLength: z.object({ lower: count, median: count, upper: count }).nullable(),
  /** Share of the cells that are empty, by feature; null for texts, left out in older profiles. */
  missing: z.record(z.string(), share).nullable().optional(),
  sample: z.object({
    /** Rows whose id begins with less are listed; null when all are. */
    below: rowId.nullable(),
    /** The beginnings of the ids of the rows, by label; an id is a hash of the row's content. */
    rows: z.record(z.string(), z.array(rowId)),
  }),
});

/** A file of a dataset that was appended to. */
const sourceFileSchema = z.object({
  name: z.string(),
  bytes: count,
  sha256: sha256.or(z.literal('')),
  /** `kept`: rows that no older file has. */
  rows: z.object({ read: count, kept: count }),
});

export const prepareReportSchema = z.object({
  schemaVersion: z.literal(1),
  status: z.enum(['ok', 'invalid']),
  /** The newest file. */
  input: z.object({
    name: z.string(),
    bytes: count,
    /** Empty when the file was not read. */
    sha256: sha256.or(z.literal('')),
    format: z.enum(['csv', 'jsonl', 'unknown']),
  }),
  /** Every file, oldest first, of a dataset that was appended to; left out of others. */
  sources: z.array(sourceFileSchema).min(2).optional(),
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
  /**
   * How many held-out rows each earlier version was trained on, exactly or nearly; null where that is
   * not known. Left out in older reports.
   */
  seen: z.array(z.object({ version: z.int().positive(), rows: count.nullable() })).optional(),
  warnings: z.array(problem.extend({ rows: z.array(line).max(20) })),
  errors: z
    .array(
      problem.extend({ row: line.nullable(), column: z.string().nullable(), hint: z.string() }),
    )
    .max(21),
  /** Too large for the record of a run; left out of a refused dataset, and in older reports. */
  profile: rowProfileSchema.optional(),
  seconds,
});
export type PrepareReport = z.output<typeof prepareReportSchema>;

const perClassSchema = z.record(
  z.string(),
  z.object({ precision: share, recall: share, f1: share, support: count }),
);

/** Figures by name: those every model has, and any a recipe adds. */
type Figures = Record<string, number>;
const trainingFigures: z.ZodType<Figures> = z
  .object({ accuracy: share, macro_f1: share, loss: z.number().nonnegative() })
  .catchall(z.number());
const evaluationFigures: z.ZodType<Figures> = z
  .object({ accuracy: share, macro_f1: share, weighted_f1: share })
  .catchall(z.number());
const versions: z.ZodType<Record<string, string>> = z
  .object({ python: z.string() })
  .catchall(z.string());

export const metricsSchema = z.object({
  schemaVersion: z.literal(1),
  metrics: trainingFigures,
  rows: z.object({ train: count, validation: count }),
  steps: count,
  epochs: z.number().nonnegative(),
  /** The pass whose weights are published; left out by recipes that publish the last. */
  bestEpoch: z.number().nonnegative().optional(),
  /** How much of the training texts is read; left out by recipes that cut nothing off. */
  textRead: z.object({ rowsCut: share, network: share, ngrams: share }).optional(),
  seconds: z.object({ train: seconds, total: seconds }),
  resumedFromSteps: z.array(count),
  seed: z.int(),
  weightsSha256: sha256,
  baseModel: z.string().nullable(),
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  versions,
});
export type TrainingMetrics = z.output<typeof metricsSchema>;

const modelScoresSchema = z.object({
  metrics: evaluationFigures,
  perClass: perClassSchema,
  latency: z.object({
    p50Milliseconds: z.number().nonnegative(),
    p95Milliseconds: z.number().nonnegative(),
  }),
});
/** How one model did on the held-out rows; every metric is a share from 0 to 1 unless named. */
export type ModelScores = z.output<typeof modelScoresSchema>;

const baselineSchema = z.object({
  name: z.string().min(1),
  /** Training rows it was fitted on, and how many there are. */
  rows: z.object({ used: count, available: count }),
  /** Null when it was not fitted; `seconds` is processor time, the imports included. */
  fitted: z.object({ metrics: evaluationFigures, seconds }).nullable(),
  reason: z.string().optional(),
  /** What always answering the most frequent label of the training rows scores. */
  majority: z.object({ label: z.string(), metrics: evaluationFigures }),
});

export const evaluationSchema = z.object({
  schemaVersion: z.literal(1),
  rows: z.int().positive(),
  labels: z.array(z.string()).min(1),
  candidate: modelScoresSchema,
  production: modelScoresSchema.nullable(),
  /** The best version so far, where that is not production; left out in records from before. */
  anchor: modelScoresSchema.nullable().optional(),
  /** Why a model that was given could not answer; without one that could not, left out. */
  unanswered: z
    .object({ production: z.string().optional(), anchor: z.string().optional() })
    .optional(),
  /** A model fitted in seconds on the same training rows; left out in records from before. */
  baseline: baselineSchema.optional(),
});
export type Evaluation = z.output<typeof evaluationSchema>;

export const smokeSchema = z.object({
  requests: z
    .array(
      z.object({
        contentType,
        body: z.string(),
        expected: z.array(z.object({ label: z.string(), score: share })).min(1),
      }),
    )
    .min(1)
    .max(8),
});
/** Requests the evaluation recorded with the candidate's own answers; a live endpoint must repeat them. */
export type SmokeTest = z.output<typeof smokeSchema>;

export const referenceSchema = z.object({
  schemaVersion: z.literal(1),
  rows: z.int().positive(),
  features: z
    .array(
      z.object({
        name: z.string().min(1),
        kind: z.enum(['ordered', 'category']),
        /** The last one is for what is missing (ordered) or for other values (category). */
        bins: z.array(z.string()).min(2),
        counts: z.array(count).min(2),
      }),
    )
    .min(1)
    .max(60),
});
/** Histograms of the held-out rows and of the candidate's answers: what requests are compared with. */
export type InputReference = z.output<typeof referenceSchema>;

/**
 * Parses a JSON document a job wrote.
 * @throws {MlopsError} `CONTRACT_BROKEN`, naming the file and the wrong field.
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
