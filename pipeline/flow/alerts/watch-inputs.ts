import type { NormalInputs } from '../../core/alert/alert.ts';
import { looksNeeded } from '../../core/alert/judge.ts';
import { judgeInputs } from '../../core/alert/judge-inputs.ts';
import type { ModelConfig } from '../../core/config.ts';
import { keys } from '../../core/names.ts';
import { type InputReference, parseContract, referenceSchema } from '../../core/python-contract.ts';
import type { RunId } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import type { Production } from '../production.ts';
import { changeAlert } from './change-alert.ts';
import { runsIfItTurns } from './recent-runs.ts';

const kind = 'input_drift';

/**
 * Compares what production was asked since the last look with the rows it was evaluated on. Nothing is
 * asked of a version from before inputs were counted, or of one that has no requests. A rollback is
 * never offered: the inputs have changed, not the version.
 */
export async function watchInputs(
  deps: Pick<FlowDeps, 'alerts' | 'artifacts' | 'bus' | 'clock' | 'endpoints' | 'runs'>,
  look: { readonly model: string; readonly production: Production; readonly config: ModelConfig },
): Promise<void> {
  const { model, config, production } = look;
  const { configName, version, endpoint, registered } = production;
  const { endpointName, status, invocations } = endpoint;
  if (status !== 'InService' || invocations === 0) return;
  const before = await deps.alerts.latest(model, kind);
  const normal = before?.normalInputs?.version === version ? before.normalInputs : null;
  if (normal !== null && normal.counts === null) return readNormalInputs(deps, look, normal);
  const last = before?.observations.at(-1);
  const isSame = last?.source.kind === 'inputs' && last.source.configName === configName;
  const since = isSame ? last.at : null;
  const now = await deps.endpoints.inputCounts({ endpointName, configName, since });
  if (now.inputs < config.alerts.minimumInputs) return;
  const evaluated = await referenceOf(deps, registered.runId);
  if (evaluated === null) return;
  const reference = withNormal(evaluated, normal?.counts ?? {});
  const at = deps.clock.now().toISOString();
  const observation = judgeInputs({ config, reference, now, version, configName, at });
  if (observation === null) return;
  const known = await runsIfItTurns(deps, before, { model, isBreach: observation.isBreach });
  await changeAlert(deps, { model, kind }, () => ({
    type: 'observed',
    observation,
    needed: looksNeeded(config, kind),
    rollbackTo: null,
    ...known,
  }));
}

/** Nothing is judged until there are enough of the inputs that are normal now. */
async function readNormalInputs(
  deps: Pick<FlowDeps, 'alerts' | 'bus' | 'clock' | 'endpoints'>,
  { model, config, production }: Parameters<typeof watchInputs>[1],
  { since }: NormalInputs,
): Promise<void> {
  const { configName, endpoint } = production;
  const { endpointName } = endpoint;
  const { inputs, counts } = await deps.endpoints.inputCounts({ endpointName, configName, since });
  if (inputs < config.alerts.minimumInputs) return;
  const at = deps.clock.now().toISOString();
  await changeAlert(deps, { model, kind }, () => ({ type: 'inputs_read', counts, at }));
}

/** The histograms of the evaluation, with the counts that a person took for normal. */
function withNormal(
  reference: InputReference,
  normal: NonNullable<NormalInputs['counts']>,
): InputReference {
  const features = reference.features.map((feature) => {
    const counts = normal[feature.name];
    return counts?.length === feature.counts.length ? { ...feature, counts: [...counts] } : feature;
  });
  return { ...reference, features };
}

async function referenceOf(
  { artifacts }: Pick<FlowDeps, 'artifacts'>,
  runId: RunId,
): Promise<InputReference | null> {
  const file = await artifacts.get(keys.evaluation(runId, 'reference.json'));
  if (file === null) return null;
  return parseContract(referenceSchema, 'reference.json', new TextDecoder().decode(file));
}
