import type { GatePolicy } from '../core/config.ts';
import { nextLookOf } from '../core/gate/ledger.ts';
import {
  type EarlierComparison,
  type ExpectedClass,
  expectedPower,
  type GatePower,
} from '../core/gate/power.ts';
import type { Evaluation, PrepareReport } from '../core/python-contract.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Production } from './production.ts';

/** How many runs back a comparison is looked for. */
const MOST_RUNS = 20;

/** What the gate will be able to tell; null where nothing is in production to compare with. */
export async function powerOf(
  deps: FlowDeps,
  {
    model,
    policy,
    report: { split, labels, seen = [] },
    production,
  }: {
    readonly model: string;
    readonly policy: GatePolicy;
    readonly report: PrepareReport;
    readonly production: Production | null;
  },
): Promise<GatePower | null> {
  const leftOut = seen.find(({ version }) => version === production?.version)?.rows ?? 0;
  const rows = split.test - leftOut;
  if (production === null || rows === 0) return null;
  const ledger = await deps.ledgers.get(model);
  const earlier = await newestComparison(deps, model);
  const look = ledger === null ? 1 : nextLookOf(ledger);
  const answered = (await deps.runs.get(production.registered.runId))?.evaluation ?? null;
  const classes = expectedClasses(labels, answered);
  return expectedPower(policy, { rows, look, earlier, classes });
}

/** Two models that differ provably also differ on more rows than a candidate usually does. */
async function newestComparison(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
): Promise<EarlierComparison | null> {
  for (const { verdict, evaluation } of await runs.list({ model, limit: MOST_RUNS })) {
    if (verdict?.difference == null || evaluation === null) continue;
    const { standardError = 0, lower, upper } = verdict.difference;
    const isAlike = lower <= 0 && upper >= 0;
    if (standardError > 0 && isAlike) return { standardError, rows: evaluation.rows };
  }
  return null;
}

/** The classes of the dataset, with what production got wrong in its own evaluation. */
function expectedClasses(
  labels: PrepareReport['labels'],
  evaluation: Evaluation | null,
): readonly ExpectedClass[] {
  const total = Object.values(labels).reduce((sum, count) => sum + count, 0);
  return Object.entries(labels)
    .filter(([, count]) => count > 0)
    .map(([label, count]) => {
      const seen = evaluation?.candidate.perClass[label];
      // One error more than counted, so that a small class without errors is not called perfect.
      const wrong =
        seen === undefined ? null : ((1 - seen.recall) * seen.support + 1) / (seen.support + 2);
      return { share: count / total, wrong };
    });
}
