import { gatherEvidence } from '../../core/evidence/evidence.ts';
import type {
  EvidenceReport,
  EvidenceSubject,
  RowContents,
} from '../../core/evidence/evidence-report.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { Run } from '../../core/run.ts';
import { caseOfRun, caseOfVersions, type EvidenceCase } from '../evidence-case.ts';
import { contentsOf } from '../evidence-rows.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { inTurns } from '../in-turns.ts';
import { loadRun } from '../load-run.ts';
import { currentProduction } from '../production.ts';
import { requireVersion } from '../require-version.ts';

type Deps = Pick<FlowDeps, 'artifacts' | 'config' | 'endpoints' | 'registry' | 'runs'>;

/**
 * Computes the evidence from what is stored, and keeps nothing. The rows themselves are read only when
 * they are asked for and the model's policy shows them.
 * @throws {MlopsError} `RUN_UNKNOWN`, `VERSION_UNKNOWN`, `MODEL_UNKNOWN`; `REQUEST_INVALID` when there
 * is nothing to show yet, or no longer.
 */
export async function evidence(
  deps: Deps,
  { subject, withRows }: Parameters<Pipeline['evidence']>[0],
): Promise<EvidenceReport> {
  const { run, version, live } = await resolve(deps, subject);
  const stored =
    version === null
      ? await caseOfRun(deps, run)
      : await caseOfVersions(deps, run.model, { candidate: version, production: live });
  const found = await inTurns(gatherEvidence(stored.predictions, stored));
  const contents = await rowContents(deps, run.model, {
    withRows,
    stored,
    ids: found.chosen.map(({ id }) => id),
  });
  const { against, obstacle, seen } = stored;
  return {
    model: run.model,
    runId: run.id,
    version: version ?? run.version,
    against,
    isProductionNow: against !== null && against === (await liveVersionOf(deps, run.model)),
    evidence: found,
    obstacle,
    isSeenUnknown: against !== null && found.production !== null && seen === null,
    contents,
  };
}

/** The version that is compared as a promotion would be; null: the candidate of the run itself. */
async function resolve(
  deps: Deps,
  subject: EvidenceSubject,
): Promise<{ readonly run: Run; readonly version: number | null; readonly live: number | null }> {
  if ('runId' in subject) {
    const run = await loadRun(deps, subject.runId);
    const isOfVersion = run.kind !== 'retrain' && run.version !== null;
    const before = run.evaluatedAgainst ?? run.deployment?.from ?? null;
    return { run, version: isOfVersion ? run.version : null, live: before };
  }
  const { model, version } = subject;
  modelConfig(deps.config, model);
  const { runId } = await requireVersion(deps, model, version);
  return { run: await loadRun(deps, runId), version, live: await liveVersionOf(deps, model) };
}

async function liveVersionOf(deps: Deps, model: string): Promise<number | null> {
  return (await currentProduction(deps, model))?.version ?? null;
}

async function rowContents(
  deps: Deps,
  model: string,
  {
    withRows,
    stored,
    ids,
  }: {
    readonly withRows: boolean;
    readonly stored: EvidenceCase;
    readonly ids: readonly string[];
  },
): Promise<RowContents> {
  if (!modelConfig(deps.config, model).evidence.showRows) return { status: 'policy' };
  if (!withRows) return { status: 'not_asked' };
  return { status: 'shown', byId: await contentsOf(deps, stored.rowsIn, ids) };
}
