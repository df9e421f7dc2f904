import { markOf } from '../../../pipeline/core/rollback/version-mark.ts';
import {
  type Deployment,
  hasEnded,
  liveVersion,
  type Retirement,
  type Run,
} from '../../../pipeline/core/run.ts';
import { actorFirst } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { byLine } from '../../blocks/retirement-line.ts';
import { bold, instant, italic, type Line } from '../../blocks/rich-text.ts';

/** What is in production, as far as this run knows. */
export function productionLine(run: Run): Line {
  const live = liveVersion(run);
  const { deployment } = run;
  if (run.outcome === 'retired') return goneLine(run);
  if (deployment?.retired !== undefined) return retiredLine(deployment.to, deployment.retired);
  if (deployment?.replaced != null) return replacedLine(deployment, deployment.replaced);
  if (live !== null && deployment !== null) {
    const watched =
      !hasEnded(run) && deployment.watchUntil !== null
        ? [', watched until ', instant(deployment.watchUntil)]
        : [];
    return [
      bold(`In production: v${live}`),
      deployment.from === null ? '' : ` (previously v${deployment.from})`,
      ...watched,
    ];
  }
  if (deployment?.revertedAt != null && deployment.from !== null) {
    return [bold(`Production is back on v${deployment.from}`)];
  }
  if (!hasEnded(run)) return [];
  // Out of date: something else is live, and the run may not know what.
  if (run.outcome === 'superseded') {
    const live = run.approval?.outdated?.live ?? null;
    return live === null ? [] : [`In production: v${live}.`];
  }
  const version = deployment?.from ?? run.evaluatedAgainst;
  if (version !== null) return [`Production stays at v${version}.`];
  return ['Production is unchanged.'];
}

function goneLine({ model, version }: Run): Line {
  const what = version === null ? '' : `v${version} left production. `;
  return [bold(`${what}The endpoint of ${model} is gone`), '; versions, cards and datasets stay.'];
}

function retiredLine(version: number, retirement: Retirement): Line {
  return [`v${version} was in production until the model was retired. `, ...byLine(retirement)];
}

function replacedLine(
  { to, verifiedAt }: Deployment,
  { version, at, rollback }: NonNullable<Deployment['replaced']>,
): Line {
  const since = verifiedAt === null ? [] : [' from ', instant(verifiedAt, 'date and time')];
  const until = [' until ', instant(at, 'date and time')];
  if (rollback !== undefined) {
    const reason = shown(rollback.reason ?? '', 200);
    return [
      bold(`${actorFirst(rollback.by)} rolled back to v${version}`),
      ...(reason === '' ? [] : [': ', italic(reason)]),
      `. v${to} was in production`,
      ...since,
      ...until,
    ];
  }
  return [`v${to} was in production`, ...since, ...until, `; v${version} replaced it`];
}

/** On the card of a rollback: who took off the mark it left. */
export function liftedLine(run: Run): Line {
  const mark = markOf(run);
  if (mark === null || mark.lifted === null) return [];
  return [
    bold(`${actorFirst(mark.lifted.by)} lifted the mark from v${mark.version}: `),
    italic(shown(mark.lifted.reason, 200)),
  ];
}
