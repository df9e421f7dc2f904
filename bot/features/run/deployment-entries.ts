import { isSameActor, type Run, stageOf } from '../../../pipeline/core/run.ts';
import { actorFirst } from '../../blocks/actor.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import {
  bold,
  instant,
  italic,
  lines,
  mention,
  preformatted,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import type { ThreadEntry } from '../../blocks/thread-entry.ts';
import { curlLine } from './curl.ts';

/** Posted only once the endpoint has reproduced the recorded predictions. */
export function deployedEntry(run: Run, facts: ModelFacts): ThreadEntry | null {
  const { deployment } = run;
  if (deployment?.verifiedAt == null) return null;
  const { to, from, verifiedRows } = deployment;
  const title = `${run.model} v${to} is live`;
  const command = curlLine(deployment, facts);
  return {
    key: 'deployed',
    ...message(title, [
      richText(
        section(
          bold(`${title}. `),
          `The endpoint reproduced ${plural(verifiedRows ?? 0, 'recorded prediction')}.`,
          from === null || from > to ? '' : ` v${from} stays available for a rollback.`,
          command === null ? ` /mlops predict ${run.model} asks it.` : '',
        ),
        ...(command === null ? [] : [preformatted(command)]),
      ),
    ]),
  };
}

/** Posted when the watch ended without trouble. */
export function watchedEntry(run: Run): ThreadEntry | null {
  const watch = stageOf(run, 'watch');
  const isQuiet = run.deployment?.verifiedAt != null && run.deployment.revertedAt === null;
  if (watch?.status !== 'succeeded' || !isQuiet) return null;
  const text = `v${run.deployment?.to} stayed healthy throughout the watch.`;
  return { key: 'watched', ...message(text, [lines([text])]) };
}

/** Posted when what was live before could not be restored yet: the one message that asks for help. */
export function stuckEntry(run: Run): ThreadEntry | null {
  const { deployment, requestedBy } = run;
  if (deployment?.putBackDelayed === undefined) return null;
  const { from, to, putBackDelayed } = deployment;
  const title = `${run.model} v${to} could not be taken out of production yet`;
  const whoAsked = requestedBy.kind === 'person' ? [mention(requestedBy.id), ' '] : [];
  const goal = from === null ? `Removing v${to}` : `Restoring v${from}`;
  return {
    key: 'put_back_delayed',
    ...message(title, [
      lines(
        [...whoAsked, bold(`${title}.`)],
        [`${goal} keeps failing: ${shown(putBackDelayed.reason, 400)}`],
        ['It is retried until it works. Please check the endpoint.'],
      ),
    ]),
  };
}

/** Posted when the deployment was rolled back, with the reason. */
export function revertedEntry(run: Run): ThreadEntry | null {
  const { deployment, requestedBy } = run;
  if (deployment?.revertedAt == null) return null;
  const { to, from, revertReason, revertedAt } = deployment;
  const title = `${run.model} v${to} was rolled back`;
  const whoAsked = requestedBy.kind === 'person' ? [mention(requestedBy.id), ' '] : [];
  return {
    key: 'reverted',
    ...message(title, [
      lines(
        [
          ...whoAsked,
          bold(`${title} at `),
          instant(revertedAt),
          from === null ? '; nothing answers requests now.' : `; v${from} is live again.`,
        ],
        revertReason === null ? [] : [shown(revertReason, 400)],
      ),
    ]),
  };
}

/** Posted when people rolled the run's version back: whoever asked for it should know why. */
export function rolledBackEntry(run: Run): ThreadEntry | null {
  const { deployment, requestedBy } = run;
  const replaced = deployment?.replaced ?? null;
  if (deployment === null || replaced?.rollback === undefined) return null;
  const { by, reason } = replaced.rollback;
  const title = `${actorFirst(by)} rolled ${run.model} v${deployment.to} back to v${replaced.version}`;
  const isOther = requestedBy.kind === 'person' && !isSameActor(requestedBy, by);
  return {
    key: 'rolled_back',
    ...message(title, [
      lines(
        [
          ...(isOther ? [mention(requestedBy.id), ' '] : []),
          bold(`${title} at `),
          instant(replaced.at),
          '.',
        ],
        reason === null ? [] : ['Reason: ', italic(shown(reason, 500))],
        [`/mlops promote ${run.model} ${deployment.to} requests a new approval for it.`],
      ),
    ]),
  };
}
