/** What the Python jobs write, made from the share of held-out rows each model gets right. */
const ROWS = 1000;

export function trainingOutputs(): Record<string, string> {
  return {
    'metrics.json': JSON.stringify({
      schemaVersion: 1,
      metrics: { accuracy: 0.95, macro_f1: 0.95, loss: 0.2 },
      perClass: {},
      rows: { train: 70, validation: 10 },
      steps: 100,
      epochs: 3,
      seconds: { train: 9, total: 10 },
      resumedFromSteps: [],
      seed: 1,
      weightsSha256: 'f'.repeat(64),
      baseModel: null,
      hyperparameters: {},
      versions: { python: '3.11' },
    }),
  };
}

export function evaluationOutputs(share: {
  candidate: number;
  production: number | null;
  anchor?: number;
  baseline?: number;
  rows?: number;
  /** Rows of other numbers are other rows. */
  firstRow?: number;
}): Record<string, string> {
  const { rows = ROWS, firstRow = 0 } = share;
  const scores = (right: number) => ({
    metrics: { accuracy: right, macro_f1: right, weighted_f1: right },
    perClass: {
      ham: { precision: right, recall: right, f1: right, support: rows / 2 },
      spam: { precision: right, recall: right, f1: right, support: rows / 2 },
    },
    latency: { p50Milliseconds: 4, p95Milliseconds: 6 },
  });
  const lines = Array.from({ length: rows }, (_, i) => {
    const label = i % 2 === 0 ? 'ham' : 'spam';
    const other = i % 2 === 0 ? 'spam' : 'ham';
    const guess = (right: number) => (i < right * rows ? label : other);
    const production = share.production === null ? ',' : `${guess(share.production)},0.9`;
    const anchor = share.anchor === undefined ? '' : `,${guess(share.anchor)},0.9`;
    const baseline = share.baseline === undefined ? '' : `,${guess(share.baseline)},0.9`;
    return `${firstRow + i},${label},${guess(share.candidate)},0.9,${production}${anchor}${baseline}`;
  });
  const requests = ['ham', 'spam'].map((label) => ({
    contentType: 'application/json',
    body: JSON.stringify({ inputs: label }),
    expected: [{ label, score: 0.9 }],
  }));
  return {
    'evaluation.json': JSON.stringify({
      schemaVersion: 1,
      rows,
      labels: ['ham', 'spam'],
      candidate: scores(share.candidate),
      production: share.production === null ? null : scores(share.production),
      ...(share.anchor === undefined ? {} : { anchor: scores(share.anchor) }),
      ...(share.baseline === undefined ? {} : { baseline: aBaseline(share.baseline) }),
    }),
    'predictions.csv': [
      `id,label,candidate,candidate_score,production,production_score${share.anchor === undefined ? '' : ',anchor,anchor_score'}${share.baseline === undefined ? '' : ',baseline,baseline_score'}`,
      ...lines,
    ].join('\n'),
    'smoke.json': JSON.stringify({ requests }),
  };
}

function aBaseline(right: number) {
  const metrics = (share: number) => ({ accuracy: share, macro_f1: share, weighted_f1: share });
  return {
    name: 'TF-IDF + logistic regression',
    rows: { used: 70, available: 70 },
    fitted: { metrics: metrics(right), seconds: 1.5 },
    majority: { label: 'ham', metrics: metrics(0.5) },
  };
}
