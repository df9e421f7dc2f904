import { z } from 'zod';
import { approvalSchema } from './approval-policy.ts';
import { BASE_MODEL, baseModelPrefix } from './base-model.ts';
import { dataPolicySchema } from './data-contract/data-policy.ts';
import { defaultServing } from './default-serving.ts';
import { MlopsError } from './errors.ts';
import { gateSchema } from './gate/gate-policy.ts';

export type { ApprovalPolicy } from './approval-policy.ts';

const share = z.number().min(0).max(1);

const FOUR_WEEKS_MINUTES = 28 * 24 * 60;

/** Without it, the error for a wrong key does not say what a key may look like. */
const saysWhatKeys: z.core.$ZodRecordParams = {
  error: (issue) => (issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined),
};

const trainingSchema = z.strictObject({
  /** SageMaker instance type of the training job. */
  instanceType: z.string().startsWith('ml.').default('ml.g4dn.xlarge'),
  /**
   * Managed Spot training: cheaper, may be interrupted, resumes from its checkpoint. A recipe that
   * writes none starts over; it is refused above 60 `maxRuntimeMinutes`.
   */
  spot: z.boolean().default(true),
  /** `MaxRuntimeInSeconds` of the job, in minutes; SageMaker allows 28 days. */
  maxRuntimeMinutes: z.number().positive().max(FOUR_WEEKS_MINUTES).default(60),
  /** How long to wait for Spot capacity on top of the run time, in minutes. */
  maxCapacityWaitMinutes: z.number().nonnegative().max(FOUR_WEEKS_MINUTES).default(60),
  /** What to do when no Spot capacity becomes available in time. */
  whenNoCapacity: z.enum(['on-demand', 'fail']).default('on-demand'),
  /**
   * Folder of a pretrained model in the artifact store to fine-tune from, for recipes that declare
   * the hyperparameter `base_model`; docs/aws.md says how to put one there.
   */
  baseModel: z
    .string()
    .regex(baseModelPrefix, 'a folder such as base-models/distilbert-base-uncased/')
    .optional(),
});

/** `<domain id>/<user profile name>`, in the forms SageMaker allows. */
const studioUser = z
  .string()
  .regex(
    /^d-[a-z0-9-]{1,61}\/[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/,
    'a Studio user as <domain id>/<user profile name>, such as d-abc123def456/grace',
  );
const memberId = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,}$/, 'a Slack member id such as U0123ABCD: a Studio user is one person');

const servingSchema = z.strictObject({
  /** Memory of the Serverless endpoint in MB (SageMaker: 1024–6144 in steps of 1024). */
  memoryMB: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(defaultServing.memoryMB),
  maxConcurrency: z.int().min(1).max(200).default(defaultServing.maxConcurrency),
});

const watchSchema = z.strictObject({
  /** Bake window after a deployment, in minutes; a failure in it rolls back by itself. */
  minutes: z.number().nonnegative().max(FOUR_WEEKS_MINUTES).default(10),
  /**
   * Share of invocations that may fail with a server error in the bake window (0–1). More undo the
   * deployment once they are proven; at the limit that happens by chance to at most one in 50.
   */
  maxErrorRate: share.default(0.05),
  /** Fewer requests than this in the bake window say too little to undo a deployment. */
  minimumRequests: z.int().positive().default(20),
});

const alertsSchema = z.strictObject({
  /**
   * Largest drop of the gate's metric against the registered figure (0–1), on held-out rows that are
   * new since the version was trained. A larger one that chance may explain is no breach.
   */
  maxMetricDrop: share.default(0.03),
  /** Fewer new held-out rows than this say too little about a drop. */
  minimumRows: z.int().positive().default(30),
  /** Share of requests that may fail with a server error between two looks (0–1). */
  maxErrorRate: share.default(0.05),
  /** Largest 95th percentile of the endpoint's answer times, in milliseconds. */
  maxP95Milliseconds: z.number().positive().default(2000),
  /** New requests before the endpoint is judged again. */
  minimumRequests: z.int().positive().default(20),
  /**
   * Share of the inputs by which a histogram of them (length, script, features, answers) may differ
   * from that of the rows the version was evaluated on (0–1). Chance alone is no breach.
   */
  maxInputShift: share.default(0.1),
  /** New inputs before they are compared again. */
  minimumInputs: z.int().min(50).default(300),
  /** Bad looks at the endpoint in a row that open an alert, and good ones that end it. */
  consecutive: z.int().min(1).max(20).default(3),
});

const evidenceSchema = z.strictObject({
  /**
   * Whether operators and approvers see texts or features of held-out rows before they decide. `false`
   * keeps the rows in the artifact store: people see their ids and labels only.
   */
  showRows: z.boolean().default(true),
});

const columnsSchema = z.strictObject({
  label: z.string().min(1),
  /** The text column; leave it out for tabular tasks, where every other column is a feature. */
  text: z.string().min(1).optional(),
});

const modelSchema = z.strictObject({
  /** A short human name. */
  title: z.string().min(1).max(60),
  /** What the model is for and what it is not for, in sentences: the intended use on its model cards. */
  description: z.string().min(1).max(1_000).optional(),
  task: z.enum(['text-classification', 'tabular-classification']),
  /** A folder under `training/recipes`. */
  recipe: z.string().regex(/^[a-z][a-z0-9-]*$/),
  columns: columnsSchema,
  /** Overrides of the recipe's defaults; the recipe's `recipe.json` names and bounds them. */
  hyperparameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  data: dataPolicySchema.prefault({}),
  training: trainingSchema.prefault({}),
  gate: gateSchema,
  approval: approvalSchema,
  serving: servingSchema.prefault({}),
  watch: watchSchema.prefault({}),
  alerts: alertsSchema.prefault({}),
  evidence: evidenceSchema.prefault({}),
});

const modelName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens')
  .max(20);

const configSchema = z.strictObject({
  /** Slack channel (id or `#name`) where runs are announced. */
  channel: z.string().min(1),
  /** Slack ids of people who may start, stop and roll back runs; `'everyone'` for no limit. */
  operators: z.union([z.literal('everyone'), z.array(z.string()).min(1)]),
  /**
   * On AWS: Studio users whose approvals and rejections in the SageMaker Model Registry count, each
   * as the Slack member they are. What anyone else sets there is set back.
   */
  studioUsers: z.record(studioUser, memberId, saysWhatKeys).default({}),
  models: z
    .record(modelName, modelSchema, saysWhatKeys)
    .refine((models) => Object.keys(models).length > 0, 'at least one model'),
  /**
   * On AWS: models that were taken out of `models` before they were retired, or while a run of them
   * was active. The functions keep their permissions for these, so that they can be.
   */
  formerModels: z.array(modelName).default([]),
});

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
export type ModelConfig = z.output<typeof modelSchema>;
export type { GatePolicy } from './gate/gate-policy.ts';
export type TaskType = ModelConfig['task'];

/**
 * Validates `mlops.config.ts`.
 * @throws {MlopsError} `CONFIG_INVALID`, with every wrong setting named by its path.
 */
export function defineConfig(input: ConfigInput): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    throw new MlopsError(
      'CONFIG_INVALID',
      `mlops.config.ts is not valid:\n${z.prettifyError(parsed.error)}`,
      {
        hint: 'Correct these settings and start again.',
      },
    );
  }
  for (const [name, model] of Object.entries(parsed.data.models)) {
    if (model.task === 'text-classification' && model.columns.text === undefined) {
      throw new MlopsError(
        'CONFIG_INVALID',
        `models.${name}.columns.text is missing in mlops.config.ts.`,
        {
          hint: 'A text model needs the name of the column with the text.',
        },
      );
    }
    const columns = splitColumns(model);
    const twice = columns.find((column, index) => columns.indexOf(column) !== index);
    if (twice !== undefined) {
      throw new MlopsError(
        'CONFIG_INVALID',
        `models.${name} uses the column “${twice}” for two things in mlops.config.ts.`,
        { hint: 'columns.label, columns.text, data.group and data.time name different columns.' },
      );
    }
    const sliced = model.gate.slices.find(
      (column, index, all) =>
        [model.columns.label, model.columns.text].includes(column) || all.indexOf(column) !== index,
    );
    if (sliced !== undefined) {
      throw new MlopsError(
        'CONFIG_INVALID',
        `models.${name}.gate.slices names “${sliced}” in mlops.config.ts.`,
        { hint: 'Each slice is a column of its own, neither the label nor the text.' },
      );
    }
    if (model.gate.mode === 'advisory' && model.approval.mode === 'auto') {
      throw new MlopsError(
        'CONFIG_INVALID',
        `models.${name} sets gate.mode 'advisory' with approval.mode 'auto' in mlops.config.ts.`,
        { hint: 'A gate that blocks nothing needs people: set approval.mode to people.' },
      );
    }
    if (model.training.baseModel !== undefined && model.hyperparameters[BASE_MODEL]) {
      throw new MlopsError(
        'CONFIG_INVALID',
        `models.${name} sets both training.baseModel and hyperparameters.${BASE_MODEL} in mlops.config.ts.`,
        {
          hint: 'Keep one of them: the folder in the artifact store, or the id on the hub.',
        },
      );
    }
  }
  return parsed.data;
}

function splitColumns({ columns, data }: ModelConfig): readonly string[] {
  return [columns.label, columns.text, data.group, data.time].filter(
    (column) => column !== undefined,
  );
}
