import type { KnownBlock } from '@slack/types';
import { markOf } from '../../../pipeline/core/rollback/version-mark.ts';
import {
  type Deployment,
  hasEnded,
  liveVersion,
  type Retirement,
  type Run,
} from '../../../pipeline/core/run.ts';
import { actorFirst } from '../../blocks/actor.ts';
import { baselineLine } from '../../blocks/baseline-line.ts';
import { dataLines, isStoppedByData } from '../../blocks/data-lines.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';
import { gateLine } from '../../blocks/gate-line.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, type ModelFacts, message } from '../../blocks/message.ts';
import { costPhrase } from '../../blocks/money.ts';
import { byLine } from '../../blocks/retirement-line.ts';
import {
  bold,
  instant,
  italic,
  type Line,
  lines,
  preformatted,
  richText,
} from '../../blocks/rich-text.ts';
import { scoreLine, scorePhrase } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { cardButtons } from './card-buttons.ts';
import { curlLine } from './curl.ts';
import { outcomeLines } from './outcome-lines.ts';
import { powerLine } from './power-line.ts';
import { progressLine } from './progress.ts';
import { stageLine } from './stage-line.ts';

/** How to render a card. */
export interface CardOptions {
  /** Leaves mentions out, because they would notify on posting; edits are silent. */
  readonly quiet?: boolean;
}

const MOST_CHANGES = 2;

/** The root message of a run in any state: what a reader needs within five seconds. */
export function card(run: Run, facts: ModelFacts, options: CardOptions = {}): Message {
  const sections: readonly (readonly Line[])[] = [
    triggerLines(run),
    [
      stageLine(run),
      progressLine(run),
      // Otherwise they are the reason of its end.
      ...(isStoppedByData(run) ? [] : dataLines(run, MOST_CHANGES)),
      ...(run.evaluation === null ? [powerLine(run)] : []),
    ],
    [
      scoreLine(run, facts),
      baselineLine(run, facts),
      gateLine(run),
      ...approvalLines(run, options.quiet === true),
    ],
    outcomeLines(run),
    [productionLine(run), liftedLine(run)],
  ];
  const title = headline(run);
  const phrase = scorePhrase(run, facts);
  return message(phrase && !hasEnded(run) ? `${title} · ${phrase}` : title, [
    {
      type: 'header',
      text: { type: 'plain_text', text: truncate(title, 150), emoji: true },
    },
    ...sections
      .map((section) => section.filter((line) => line.length > 0))
      .filter((section) => section.length > 0)
      .map((section) => lines(...section)),
    ...curlBlocks(run),
    ...cardButtons(run, facts),
    footer(run),
  ]);
}

/** On the card of a rollback: who took off the mark it left. */
function liftedLine(run: Run): Line {
  const mark = markOf(run);
  if (mark === null || mark.lifted === null) return [];
  return [
    bold(`${actorFirst(mark.lifted.by)} lifted the mark from v${mark.version}: `),
    italic(shown(mark.lifted.reason, 200)),
  ];
}

/** What is in production, as far as this run knows. */
function productionLine(run: Run): Line {
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

function curlBlocks(run: Run): readonly KnownBlock[] {
  if (liveVersion(run) === null || run.deployment === null) return [];
  const command = curlLine(run.deployment);
  return command === null ? [] : [richText(preformatted(command))];
}

function footer(run: Run): KnownBlock {
  const total = run.endedAt === null ? null : secondsBetween(run.createdAt, run.endedAt);
  const text = [
    `Run ${run.id}`,
    total === null ? '' : `took ${duration(total)}`,
    run.time.python < 0.1 ? '' : `Python ${duration(run.time.python)}`,
    run.time.waiting < 0.1 ? '' : `waiting ${duration(run.time.waiting)}`,
    run.training === null
      ? ''
      : `${run.training.spot ? 'Spot' : 'on-demand'} ${run.training.instanceType}`,
    costPhrase(run),
  ].filter(Boolean);
  return {
    type: 'context',
    elements: [{ type: 'plain_text', text: truncate(text.join(' · '), 300), emoji: false }],
  };
}
