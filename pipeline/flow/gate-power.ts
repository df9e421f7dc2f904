import type { GatePolicy } from '../core/config.ts';
import { nextLookOf } from '../core/gate/ledger.ts';
import { type EarlierComparison, expectedPower, type GatePower } from '../core/gate/power.ts';
import type { PrepareReport } from '../core/python-contract.ts';
import type { FlowDeps } from './flow-deps.ts';
import { currentProduction } from './production.ts';

/** How many runs back a comparison is looked for. */
const MOST_RUNS = 20;

/** What the gate will be able to tell; null where nothing is in production to compare with. */
export async function powerOf(
  deps: FlowDeps,
  model: string,
  policy: GatePolicy,
  { status, split, labels }: PrepareReport,
): Promise<GatePower | null> {
  if (status !== 'ok' || split.test === 0) return null;
  if ((await currentProduction(deps, model)) === null) return null;
  const ledger = await deps.ledgers.get(model);
  const earlier = await newestComparison(deps, model);
  const look = ledger === null ? 1 : nextLookOf(ledger);
  return expectedPower(policy, { rows: split.test, look, earlier, labels });
}

async function newestComparison(
  { runs }: Pick<FlowDeps, 'runs'>,
  model: string,
): Promise<EarlierComparison | null> {
  for (const { verdict, evaluation } of await runs.list({ model, limit: MOST_RUNS })) {
    const standardError = verdict?.difference?.standardError ?? 0;
    if (standardError > 0 && evaluation !== null) return { standardError, rows: evaluation.rows };
  }
  return null;
}
