import { endpointName } from '../../../pipeline/core/names.ts';
import { hasEnded, type Run, type RunId } from '../../../pipeline/core/run.ts';
import type { SimulatedEndpoints } from '../services/sim-endpoints.ts';

/** The durable state at the end, a line for each run and endpoint, without what engines differ in. */
export function outcomesOf({
  records,
  endpoints,
  models,
}: {
  readonly records: ReadonlyMap<RunId, Run>;
  readonly endpoints: SimulatedEndpoints;
  readonly models: readonly string[];
}): readonly string[] {
  const live = (model: string) => endpoints.live(endpointName(model))?.configName ?? 'nothing';
  return [
    ...[...records.values()].map(outcomeOf).sort(),
    ...models.map((model) => `${model} serves ${live(model)}`),
  ];
}

function outcomeOf(run: Run): string {
  const { id, outcome, failure, version, deployment } = run;
  return [
    id,
    hasEnded(run) ? outcome : 'open',
    failure?.code ?? '',
    version === null ? '' : `v${version}`,
    deployment?.verifiedAt == null ? '' : 'verified',
    deployment?.revertedAt == null ? '' : 'reverted',
  ].join(' ');
}
