import { hasEnded, type Run, stageOf } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { message } from '../../blocks/message.ts';
import {
  bold,
  instant,
  lines,
  mention,
  preformatted,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import type { ThreadEntry } from '../../blocks/thread-entry.ts';
import { curlLine } from './curl.ts';

/** Posted only once the endpoint has repeated the recorded rows. */
export function deployedEntry(run: Run): ThreadEntry | null {
  const { deployment } = run;
  if (deployment?.verifiedAt == null) return null;
  const { to, from, verifiedRows } = deployment;
  const title = `${run.model} v${to} is live`;
  const command = curlLine(deployment);
  return {
    key: 'deployed',
    ...message(title, [
      richText(
        section(
          bold(`${title}. `),
          `The endpoint repeated ${plural(verifiedRows ?? 0, 'recorded row')}.`,
          from === null ? '' : ` v${from} stays ready for a rollback.`,
        ),
        ...(command === null ? [] : [preformatted(command)]),
      ),
    ]),
  };
}

export function watchedEntry(run: Run): ThreadEntry | null {
  const watch = stageOf(run, 'watch');
  const isQuiet = run.deployment?.verifiedAt != null && run.deployment.revertedAt === null;
  if (watch?.status !== 'succeeded' || !isQuiet) return null;
  const told = `v${run.deployment?.to} stayed healthy until the end of the watch.`;
  return { key: 'watched', ...message(told, [lines([told])]) };
}

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
          bold(`${title} `),
          instant(revertedAt),
          from === null ? '.' : `; v${from} is live again.`,
        ],
        revertReason === null ? [] : [shown(revertReason, 400)],
        hasEnded(run) || from !== null ? [] : ['There was no earlier version to put back.'],
      ),
    ]),
  };
}
