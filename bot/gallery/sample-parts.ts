import type {
  Evaluation,
  ModelScores,
  PrepareReport,
  Recipe,
  TrainingMetrics,
} from '../../pipeline/core/python-contract.ts';
import type { Actor, Dataset, Person } from '../../pipeline/core/run.ts';

/** Documents of the kind the pipeline produces, for the gallery and the tests. */

export const ada: Actor = { kind: 'person', id: 'U0ADA', name: 'Ada' };
export const grace: Person = { kind: 'person', id: 'U0GRACE', name: 'Grace' };
/** Grace, as SageMaker Studio names her. */
export const graceInStudio: Actor = { kind: 'person', id: 'U0GRACE', name: 'grace-1645' };

/** Text that would break a message if it were not escaped. */
export const nastyNames = [
  '<!channel> *bold* _it_ ~no~ `code`.csv',
  'Dữ liệu thư rác – tiếng Việt đầy đủ dấu (bản cuối).csv',
  '👩🏽‍🔬🚀 :tada: <@U0GRACE> & Söhne <https://evil.example|click>.csv',
  'ملف البيانات \u202Egnp.exe.csv',
  `${'very-long-name-'.repeat(40)}.csv`,
  '"quotes" and \'ticks\'; rm -rf / $(whoami)\n\nsecond line.csv',
] as const;

export const manyLabels = Array.from(
  { length: 40 },
  (_, index) => `${nastyNames[index % nastyNames.length]?.slice(0, 40)} ${index + 1}`,
);

export function dataset(fileName = 'messages-2026-11.csv'): Dataset {
  return {
    key: `datasets/spam/3f9a1c77b2e4/${fileName}`,
    fileName,
    version: '3f9a1c77b2e4',
    bytes: 4_812_334,
  };
}

export function report(
  labels: readonly string[] = ['ham', 'spam'],
  fileName = 'messages-2026-11.csv',
): PrepareReport {
  return {
    schemaVersion: 1,
    status: 'ok',
    input: {
      name: fileName,
      bytes: 4_812_334,
      sha256: '3f9a1c77b2e4'.padEnd(64, '0'),
      format: 'csv',
    },
    rows: {
      read: 9_349,
      kept: 9_120,
      exactDuplicates: 180,
      nearDuplicates: 41,
      conflicting: 4,
      dropped: 4,
    },
    labels: Object.fromEntries(labels.map((label, index) => [label, 6_200 - 130 * index])),
    split: { train: 7_296, validation: 912, test: 912 },
    columns: ['label', 'text'],
    warnings: [
      {
        code: 'conflicting_labels',
        message: 'The same text carries different labels.',
        rows: [14, 803, 4_411, 9_001],
      },
      {
        code: 'imbalance',
        message: 'The rarest label has 2.1 times fewer rows than the most common.',
        rows: [],
      },
    ],
    errors: [],
    seconds: 2.4,
  };
}

export function invalidReport(fileName = 'messages-2026-11.csv', errors = 23): PrepareReport {
  return {
    ...report(['ham', 'spam'], fileName),
    status: 'invalid',
    split: { train: 0, validation: 0, test: 0 },
    warnings: [],
    errors: Array.from({ length: errors }, (_, index) => ({
      code: 'label_empty',
      message: `The label is empty; found “${nastyNames[index % nastyNames.length]}”.`,
      row: 12 + 7 * index,
      column: 'label',
      hint: 'Give every row a label, or remove the row.',
    })),
  };
}

export const metrics: TrainingMetrics = {
  schemaVersion: 1,
  metrics: { train_loss: 0.1124, validation_macro_f1: 0.951, validation_accuracy: 0.957 },
  rows: { train: 7_296, validation: 912 },
  steps: 760,
  epochs: 2,
  seconds: { train: 92.4, total: 104.1 },
  resumedFromSteps: [300],
  seed: 13,
  weightsSha256: 'c0ffee'.padEnd(64, '0'),
  baseModel: null,
  hyperparameters: { epochs: 2 },
  versions: { torch: '2.13.0' },
};

function scores(labels: readonly string[], shift: number): ModelScores {
  return {
    metrics: { macro_f1: 0.938 + shift, accuracy: 0.947 + shift / 2 },
    perClass: Object.fromEntries(
      labels.map((label, index) => [
        label,
        {
          precision: 0.94 + shift,
          recall: 0.93 + shift,
          f1: Math.min(0.99, 0.935 + shift * (index % 3) - 0.004 * index),
          support: Math.max(20, 620 - 13 * index),
        },
      ]),
    ),
    latency: { p50Milliseconds: 12.4 - 100 * shift, p95Milliseconds: 21.7 },
  };
}

export function evaluation(
  labels: readonly string[] = ['ham', 'spam'],
  shift: number | null = 0.014,
): Evaluation {
  return {
    schemaVersion: 1,
    rows: 912,
    labels: [...labels],
    candidate: scores(labels, shift ?? 0.014),
    production: shift === null ? null : scores(labels, 0),
  };
}

const baseline = {
  name: 'TF-IDF + logistic regression',
  rows: { used: 7_296, available: 7_296 },
  fitted: { metrics: { macro_f1: 0.931, accuracy: 0.942 }, seconds: 4.2 },
  majority: { label: 'ham', metrics: { macro_f1: 0.415, accuracy: 0.709 } },
};
const atCandidate = { macro_f1: 0.955, accuracy: 0.958 };

/** A model fitted in seconds beside the candidate, in each way that can end. */
export const baselines = {
  beaten: { result: baseline, difference: { estimate: 0.021, lower: 0.008, upper: 0.034 } },
  level: {
    result: {
      ...baseline,
      rows: { used: 20_000, available: 100_000 },
      fitted: { metrics: atCandidate, seconds: 21.4 },
    },
    difference: { estimate: -0.003, lower: -0.011, upper: 0.005 },
  },
  better: {
    result: { ...baseline, fitted: { metrics: { macro_f1: 0.976, accuracy: 0.98 }, seconds: 4.2 } },
    difference: { estimate: -0.024, lower: -0.037, upper: -0.012 },
  },
  failed: {
    result: {
      ...baseline,
      name: nastyNames[0],
      fitted: null,
      reason: `Unexpected ModuleNotFoundError: No module named 'sklearn' ${nastyNames[2]}`,
      majority: { ...baseline.majority, label: nastyNames[0] },
    },
  },
} as const;

export const spamRecipe: Recipe = {
  name: 'distilbert',
  title: 'DistilBERT',
  description: 'Fine-tunes DistilBERT on short texts.',
  task: 'text-classification',
  checkpoints: true,
  invocation: {
    contentType: 'application/json',
    example: { inputs: ["You've won a prize, call now!"] },
  },
  hyperparameters: {
    learning_rate: {
      type: 'number',
      default: 0.00005,
      description: 'Peak learning rate.',
      minimum: 0.0000001,
      maximum: 0.1,
    },
    epochs: {
      type: 'integer',
      default: 2,
      description: 'Passes over the data.',
      minimum: 1,
      maximum: 20,
    },
  },
};
