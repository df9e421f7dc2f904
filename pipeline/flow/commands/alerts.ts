import { type Alert, type AlertId, alertKinds } from '../../core/alert/alert.ts';
import { MlopsError } from '../../core/errors.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { ActiveMute, Pipeline } from '../../core/pipeline.ts';
import { changeAlert } from '../alerts/change-alert.ts';
import { recentRuns } from '../alerts/recent-runs.ts';
import type { FlowDeps } from '../flow-deps.ts';

type Deps = Pick<FlowDeps, 'config' | 'alerts' | 'bus' | 'clock'>;

/** @throws {MlopsError} `ALERT_UNKNOWN`. */
export async function knownAlert(
  { alerts }: Pick<FlowDeps, 'alerts'>,
  alertId: AlertId,
): Promise<Alert> {
  const alert = await alerts.get(alertId);
  if (alert === null) {
    throw new MlopsError('ALERT_UNKNOWN', `There is no alert “${alertId}”.`, {
      hint: '/mlops alerts lists open and recent alerts.',
    });
  }
  return alert;
}

export async function acknowledge(
  deps: Deps,
  { alertId, by }: Parameters<Pipeline['acknowledge']>[0],
): Promise<Alert> {
  const alert = await knownAlert(deps, alertId);
  const at = deps.clock.now().toISOString();
  await changeAlert(deps, alert, (latest) =>
    latest?.id === alertId ? { type: 'acknowledged', by, at } : null,
  );
  return (await deps.alerts.get(alertId)) ?? alert;
}

/** The next look of the watch reads which inputs these are. */
export async function acceptInputs(
  deps: Deps & Pick<FlowDeps, 'runs'>,
  { alertId, by }: Parameters<Pipeline['acceptInputs']>[0],
): Promise<Alert> {
  const alert = await knownAlert(deps, alertId);
  const at = deps.clock.now().toISOString();
  const runs = await recentRuns(deps, alert.model);
  await changeAlert(deps, alert, (latest) =>
    latest?.id === alertId ? { type: 'accepted', by, at, runs } : null,
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

/** The mutes in force; one that has run out is no longer kept, or will end with the next check. */
export async function listMutes({ config, alerts, clock }: Deps): Promise<readonly ActiveMute[]> {
  const now = clock.now().toISOString();
  const kinds = Object.keys(config.models).flatMap((model) =>
    alertKinds.map((kind) => ({ model, kind })),
  );
  const found = await Promise.all(
    kinds.map(async ({ model, kind }): Promise<readonly ActiveMute[]> => {
      const mute = (await alerts.latest(model, kind))?.mute ?? null;
      return mute === null || mute.until <= now ? [] : [{ model, kind, mute }];
    }),
  );
  return found.flat();
}

function kindsOf({ kind }: Pick<Parameters<Pipeline['mute']>[0], 'kind'>) {
  return kind === undefined ? alertKinds : [kind];
}
