import type { GatePolicy, ModelConfig } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import { incomparable } from '../core/gate/comparability.ts';
import type { Predictions } from '../core/gate/predictions.ts';
import { withoutSeen } from '../core/gate/seen-rows.ts';
import { modelConfig } from '../core/model-config.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { evaluatedCase, promotionCase, type StoredCase } from './gate-case.ts';
import { loadRun } from './load-run.ts';
import { requireVersion } from './require-version.ts';

/** The stored answers on which a candidate is shown to people. */
export interface EvidenceCase {
  readonly predictions: Predictions;
  /** Null: it is not known. */
  readonly seen: ReadonlySet<string> | null | undefined;
  readonly policy: GatePolicy;
  readonly against: number | null;
  readonly obstacle: string | null;
  /** Runs that may have the rows themselves. */
  readonly rowsIn: readonly RunId[];
}

type Deps = Pick<FlowDeps, 'artifacts' | 'registry' | 'runs' | 'config'>;

/** Of the candidate of a run that was evaluated, against what was in production then. */
export async function caseOfRun(deps: Deps, run: Run): Promise<EvidenceCase> {
  if (run.evaluation === null) {
    throw new MlopsError('REQUEST_INVALID', `The candidate of ${run.id} has not been evaluated.`, {
      hint: `/mlops status ${run.id} shows how far it is.`,
    });
  }
  const config = modelConfig(deps.config, run.model);
  return caseOf(config, await answersOfRun(deps, run, config), [run.id]);
}

/** Of a version, against another one: as a promotion would compare them. */
export async function caseOfVersions(
  deps: Deps,
  model: string,
  { candidate, production }: { readonly candidate: number; readonly production: number | null },
): Promise<EvidenceCase> {
  const own = await loadRun(deps, (await requireVersion(deps, model, candidate)).runId);
  if (production === null || production === candidate || own.evaluatedAgainst === production) {
    return caseOfRun(deps, own);
  }
  const config = modelConfig(deps.config, model);
  const other = await deps.registry.get(model, production);
  const versions = { candidate, production, anchor: null };
  const stored = await promotionCase(deps, { model, policy: config.gate, ...versions });
  if (stored.predictions.id.length > 0) {
    return caseOf(config, stored, [own.id, ...(other === null ? [] : [other.runId])]);
  }
  const alone = await caseOfRun(deps, own);
  return {
    ...alone,
    predictions: { ...alone.predictions, production: null },
    against: production,
    obstacle: `v${candidate} and v${production} have no answers to the same held-out rows stored.`,
  };
}

async function answersOfRun(deps: Deps, run: Run, config: ModelConfig): Promise<StoredCase> {
  try {
    return await evaluatedCase(deps, run, config.gate);
  } catch (error) {
    if (!(error instanceof MlopsError) || error.code !== 'CONTRACT_BROKEN') throw error;
    throw new MlopsError('REQUEST_INVALID', `The answers of ${run.id} are no longer stored.`, {
      hint: `The figures of its evaluation are in the record: /mlops why ${run.id}.`,
      cause: error,
    });
  }
}

function caseOf(config: ModelConfig, stored: StoredCase, rowsIn: readonly RunId[]): EvidenceCase {
  const { predictions, production: against, seen, vocabularies, unanswered } = stored;
  const compared = withoutSeen(predictions, seen?.production);
  const obstacle =
    against === null
      ? null
      : incomparable(compared, {
          vocabularies,
          minimumRows: config.gate.minimumRows,
          unanswered: unanswered.production ?? null,
          seen: predictions.id.length - compared.id.length,
        });
  return {
    predictions,
    seen: seen?.production,
    policy: config.gate,
    against,
    obstacle: obstacle?.reason ?? null,
    rowsIn,
  };
}
