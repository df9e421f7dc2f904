import type { ModelConfig } from '../core/config.ts';
import type { DataChanges } from '../core/data-contract/data-changes.ts';
import {
  type DataProfile,
  dataProfileSchema,
  profileOf,
} from '../core/data-contract/data-profile.ts';
import { judgeData } from '../core/data-contract/judge-data.ts';
import { keys } from '../core/names.ts';
import { type PrepareReport, parseContract } from '../core/python-contract.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import type { Production } from './production.ts';

/**
 * Keeps the profile of the run's data, and compares it with that of the version in production. Null
 * when they are alike, when nothing is in production, and when its run kept no profile.
 */
export async function compareWithProduction(
  { artifacts }: Pick<FlowDeps, 'artifacts'>,
  {
    run,
    config,
    report,
    production,
  }: {
    readonly run: Run;
    readonly config: ModelConfig;
    readonly report: PrepareReport;
    readonly production: Production | null;
  },
): Promise<DataChanges | null> {
  const now = profileOf(report);
  if (now === null) return null;
  await artifacts.put(keys.dataProfile(run.id), JSON.stringify(now));
  const before =
    production === null ? null : await storedProfile(artifacts, production.registered.runId);
  if (production === null || before === null) return null;
  const isAccepted = run.acceptsData === true && run.requestedBy.kind === 'person';
  return judgeData({ config, against: production.version, before, now, isAccepted });
}

async function storedProfile(
  artifacts: FlowDeps['artifacts'],
  runId: RunId,
): Promise<DataProfile | null> {
  const file = await artifacts.get(keys.dataProfile(runId));
  if (file === null) return null;
  return parseContract(dataProfileSchema, 'data-profile.json', new TextDecoder().decode(file));
}
