import { type Incident, incidentKinds } from '../../core/alert/alert.ts';
import { modelConfig } from '../../core/config.ts';
import { MlopsError } from '../../core/errors.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { changeIncident } from '../alerts/change-alert.ts';
import type { FlowDeps } from '../flow-deps.ts';

type Deps = Pick<FlowDeps, 'config' | 'incidents' | 'bus' | 'clock'>;

export async function acknowledge(
  deps: Deps,
  { incidentId, by }: Parameters<Pipeline['acknowledge']>[0],
): Promise<Incident> {
  const incident = await deps.incidents.get(incidentId);
  if (incident === null) {
    throw new MlopsError('INCIDENT_UNKNOWN', `There is no alert “${incidentId}”.`, {
      hint: '`/mlops alerts` lists what goes on.',
    });
  }
  const at = deps.clock.now().toISOString();
  await changeIncident(deps, incident, (latest) =>
    latest?.id === incidentId ? { type: 'acknowledged', by, at } : null,
  );
  return (await deps.incidents.get(incidentId)) ?? incident;
}

export async function mute(deps: Deps, request: Parameters<Pipeline['mute']>[0]): Promise<void> {
  const { model, by, until, reason } = request;
  modelConfig(deps.config, model);
  const at = deps.clock.now().toISOString();
  for (const kind of kindsOf(request)) {
    await changeIncident(deps, { model, kind }, () => ({
      type: 'muted',
      mute: { by, at, until, reason },
    }));
  }
}

export async function unmute(
  deps: Deps,
  request: Parameters<Pipeline['unmute']>[0],
): Promise<void> {
  const { model, by } = request;
  modelConfig(deps.config, model);
  const at = deps.clock.now().toISOString();
  for (const kind of kindsOf(request)) {
    await changeIncident(deps, { model, kind }, () => ({ type: 'unmuted', by, at }));
  }
}

function kindsOf({ kind }: Pick<Parameters<Pipeline['mute']>[0], 'kind'>) {
  return kind === undefined ? incidentKinds : [kind];
}
