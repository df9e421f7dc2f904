import {
  type Alert,
  type AlertKind,
  alertKinds,
  type EndpointAlertKind,
  endpointAlertKinds,
} from '../../core/alert/alert.ts';
import { judgeEndpoint, looksNeeded } from '../../core/alert/judge.ts';
import type { ModelConfig } from '../../core/config.ts';
import { modelConfig } from '../../core/model-config.ts';
import type { Instant } from '../../core/run.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { currentProduction, liveDeployment, type Production } from '../production.ts';
import { changeAlert } from './change-alert.ts';
import { runsIfItTurns } from './recent-runs.ts';
import { watchInputs } from './watch-inputs.ts';

type Deps = Pick<
  FlowDeps,
  'config' | 'alerts' | 'artifacts' | 'bus' | 'clock' | 'endpoints' | 'registry' | 'runs'
>;

/**
 * Checks every endpoint and ends mutes whose time is over; called by a schedule on AWS and a timer
 * locally. Writes only where requests came in or a mute ended. Returns when the next mute ends, null
 * when none is active. An error about one model is thrown after all others were checked.
 */
export async function watchEndpoints(deps: Deps): Promise<{ nextMuteEnd: Instant | null }> {
  const ends: Instant[] = [];
  const failures: unknown[] = [];
  for (const model of Object.keys(deps.config.models)) {
    await lookAt(deps, model).catch((error: unknown) => failures.push(error));
    for (const kind of alertKinds) {
      const mute = (await endMute(deps, model, kind))?.mute ?? null;
      if (mute !== null) ends.push(mute.until);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { nextMuteEnd: ends.sort()[0] ?? null };
}

async function lookAt(deps: Deps, model: string): Promise<void> {
  const production = await currentProduction(deps, model);
  if (production === null) return;
  const config = modelConfig(deps.config, model);
  for (const kind of endpointAlertKinds) {
    await observeEndpoint(deps, { model, kind, production, config });
  }
  await watchInputs(deps, { model, production, config });
}

async function observeEndpoint(
  deps: Deps,
  look: {
    model: string;
    kind: EndpointAlertKind;
    production: Production;
    config: ModelConfig;
  },
): Promise<void> {
  const { model, kind, config, production } = look;
  const { endpoint, version } = production;
  const at = deps.clock.now().toISOString();
  const judge = (latest: Alert | null) =>
    judgeEndpoint({
      kind,
      config,
      endpoint,
      version,
      at,
      last: latest?.observations.at(-1) ?? null,
    });
  const before = await deps.alerts.latest(model, kind);
  const seen = judge(before);
  if (seen === null) return;
  // Only a breach needs to know where a rollback would go.
  const { rollbackTo } = seen.isBreach
    ? await liveDeployment(deps, model, production)
    : { rollbackTo: null };
  const needed = looksNeeded(config, kind);
  const known = await runsIfItTurns(deps, before, { model, isBreach: seen.isBreach });
  await changeAlert(deps, { model, kind }, (latest) => {
    const observation = judge(latest);
    if (observation === null) return null;
    return { type: 'observed', observation, needed, rollbackTo, ...known };
  });
}

function endMute(deps: Deps, model: string, kind: AlertKind): Promise<Alert | null> {
  const at = deps.clock.now().toISOString();
  return changeAlert(deps, { model, kind }, (latest) =>
    latest?.mute != null && latest.mute.until <= at ? { type: 'unmuted', by: null, at } : null,
  );
}
