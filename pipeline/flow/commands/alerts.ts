import { type Alert, alertKinds } from '../../core/alert/alert.ts';
import { MlopsError } from '../../core/errors.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import type { FlowDeps } from '../flow-deps.ts';

type Deps = Pick<FlowDeps, 'config' | 'alerts' | 'bus' | 'clock'>;

export async function acknowledge(
  deps: Deps,
  { alertId, by }: Parameters<Pipeline['acknowledge']>[0],
): Promise<Alert> {
  const alert = await deps.alerts.get(alertId);
  if (alert === null) {
    throw new MlopsError('ALERT_UNKNOWN', `There is no alert “${alertId}”.`, {
      hint: '/mlops alerts lists open and recent alerts.',
    });
  }
  const at = deps.clock.now().toISOString();
  await changeAlert(deps, alert, (latest) =>
    latest?.id === alertId ? { type: 'acknowledged', by, at } : null,
  );
  return (await deps.alerts.get(alertId)) ?? alert;
}

export async function mute(deps: Deps, request: Parameters<Pipeline['mute']>[0]): Promise<void> {
  const { model, by, until, reason } = request;
  modelConfig(deps.config, model);
  const at = deps.clock.now().toISOString();
  for (const kind of kindsOf(request)) {
    await changeAlert(deps, { model, kind }, () => ({
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
    await changeAlert(deps, { model, kind }, () => ({ type: 'unmuted', by, at }));
  }
}

function kindsOf({ kind }: Pick<Parameters<Pipeline['mute']>[0], 'kind'>) {
  return kind === undefined ? alertKinds : [kind];
}
