import { z } from 'zod';
import { BASE_MODEL, baseModelPrefix } from './base-model.ts';
import { dataPolicySchema } from './data-contract/data-policy.ts';
import { defaultServing } from './default-serving.ts';
import { MlopsError } from './errors.ts';

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

const gateSchema = z.strictObject({
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
  perClassRows: z.int().positive().default(50),
  /** On fewer held-out rows than this a candidate and production are not compared. */
  minimumRows: z.int().positive().default(30),
});

const slackId = z.string().regex(/^[USW][A-Z0-9]{2,}$/, 'a Slack id such as U0123ABCD');

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

const peopleApprovalSchema = z.strictObject({
  mode: z.literal('people'),
  /** Slack member ids (`U…`) or user-group ids (`S…`) that may approve or reject. */
  approvers: z.array(slackId).min(1),
  /**
   * Whom the request and its reminder mention (default: the approvers). They need not be approvers,
   * and an approver who is not listed may still decide; `[]` mentions no one.
   */
  notify: z.array(slackId).optional(),
  /** How many of them must approve. */
  quorum: z.int().positive().default(1),
  /** How many must approve when the verdict is "inconclusive". */
  quorumWhenInconclusive: z.int().positive().optional(),
  /** Whether the person who requested the run may approve it. */
  selfApproval: z.boolean().default(false),
  remindAfterHours: z.number().positive().default(4),
  /** At most a year, which is how long a durable execution can wait. */
  expireAfterHours: z.number().positive().max(8_760).default(48),
});

const approvalSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    /** Deploys a "pass" by itself; anything else is not deployed. */
    mode: z.literal('auto'),
  }),
  peopleApprovalSchema,
]);

const servingSchema = z.strictObject({
  /** Memory of the Serverless endpoint in MB (SageMaker: 1024–6144 in steps of 1024). */
  memoryMB: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(defaultServing.memoryMB),
  maxConcurrency: z.int().min(1).max(200).default(defaultServing.maxConcurrency),
});

const watchSchema = z.strictObject({
  /** Bake window after a deployment, in minutes; a failure in it rolls back by itself. */
  minutes: z.number().nonnegative().max(FOUR_WEEKS_MINUTES).default(10),
  /** Share of invocations that may fail with a server error in the bake window (0–1). */
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
    .record(
      z
        .string()
        .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens')
        .max(20),
      modelSchema,
      saysWhatKeys,
    )
    .refine((models) => Object.keys(models).length > 0, 'at least one model'),
});

export type Config = z.output<typeof configSchema>;
export type ConfigInput = z.input<typeof configSchema>;
export type ModelConfig = z.output<typeof modelSchema>;
export type GatePolicy = z.output<typeof gateSchema>;
export type ApprovalPolicy = z.output<typeof approvalSchema>;
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
