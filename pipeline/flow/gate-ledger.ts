import { MlopsError } from '../core/errors.ts';
import { sketchOf } from '../core/gate/held-out.ts';
import { countLook, emptyLedger, type GateLedger, settleAnchor } from '../core/gate/ledger.ts';
import type { Actor, Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

type Deps = Pick<FlowDeps, 'ledgers' | 'clock'>;

const maxAttempts = 20;

/** Changes what the gate remembers by a conditional write; a change that returns its input writes nothing. */
async function changeLedger<T>(
  { ledgers }: Deps,
  model: string,
  change: (ledger: GateLedger) => { readonly ledger: GateLedger; readonly result: T },
): Promise<T> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = (await ledgers.get(model)) ?? emptyLedger(model);
    const { ledger, result } = change(before);
    if (ledger === before || (await ledgers.put(ledger))) return result;
  }
  throw new MlopsError('CONFLICT', 'Too many changes to this model at once.', { retryable: true });
}

/**
 * Counts that this run's candidate is judged on these held-out rows, once per run, and returns how
 * often they have judged by then. Before the verdict, so that a crash can never hide a look.
 */
export function takeLook(
  deps: Deps,
  { model, runId, ids }: { model: string; runId: RunId; ids: readonly string[] },
): Promise<number> {
  const look = { runId, at: deps.clock.now().toISOString(), sketch: sketchOf(ids) };
  return changeLedger(deps, model, (before) => {
    const { ledger, number } = countLook(before, look);
    return { ledger, result: number };
  });
}

/** The best version so far, where that is neither production nor the candidate; otherwise null. */
export async function anchorBeside(
  { ledgers }: Pick<FlowDeps, 'ledgers'>,
  model: string,
  { production, candidate }: { production: number | null; candidate: number | null },
): Promise<number | null> {
  if (production === null) return null;
  const version = (await ledgers.get(model))?.anchor?.version ?? production;
  return version === production || version === candidate ? null : version;
}

/** Moves the anchor after a version has proved itself live, as {@link settleAnchor} allows. */
export async function keepBestVersion(deps: Deps, run: Run): Promise<void> {
  const { id, model, deployment, verdict } = run;
  if (deployment === null) return;
  const settled = {
    runId: id,
    at: deps.clock.now().toISOString(),
    version: deployment.to,
    from: deployment.from,
    verdict,
    person: whoDecided(run),
    isRollback: run.kind === 'rollback',
  };
  await changeLedger(deps, model, (before) => ({
    ledger: settleAnchor(before, settled),
    result: null,
  }));
}

function whoDecided({ kind, approval, requestedBy }: Run): Actor | null {
  const approver = approval?.decisions.findLast(({ outcome }) => outcome === 'approved')?.by;
  const person = kind === 'rollback' ? requestedBy : approver;
  return person?.kind === 'person' ? person : null;
}
