import { isBlocking } from '../../../pipeline/core/gate/verdict.ts';
import { hasEnded, type Run, type Stage, type StageStatus } from '../../../pipeline/core/run.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';
import { bold, type Inline, type Line } from '../../blocks/rich-text.ts';

const marks: Readonly<Record<StageStatus, string>> = {
  pending: '○',
  running: '◐',
  succeeded: '✓',
  failed: '✗',
};

/** A minus sign, because a line may break after a dash. */
const SKIPPED = '\u2212';
/** A wide space at which the line may break. */
const GAP = '\u2003';
/** Keeps a stage, its mark and its time on one line. */
const NO_BREAK = '\u00a0';

/**
 * All stages with a mark each, and the time the finished ones took. Separated by space only, so that
 * nothing dangles where a narrow thread breaks the line.
 */
export function stageLine(run: Run): Line {
  return run.stages.flatMap((stage, index): Inline[] => {
    const text = describe(run, stage);
    return [index === 0 ? '' : GAP, stage.status === 'running' ? bold(text) : text];
  });
}

/** Shorter times are left out. */
const MIN_SECONDS = 1;

function describe(run: Run, stage: Stage): string {
  const mark = markOf(run, stage);
  const seconds =
    stage.startedAt === null || stage.endedAt === null
      ? 0
      : secondsBetween(stage.startedAt, stage.endedAt);
  const took = seconds < MIN_SECONDS ? '' : ` ${duration(seconds)}`;
  return `${mark} ${stage.name}${took}`.replaceAll(' ', NO_BREAK);
}

function markOf(run: Run, stage: Stage): string {
  const isRefused = stage.name === 'prepare' && run.prepared?.status === 'invalid';
  const isReverted = stage.name === 'watch' && run.deployment?.revertedAt != null;
  const isBlocked = stage.name === 'gate' && isBlocking(run.verdict);
  if (isRefused || isReverted || isBlocked) return marks.failed;
  return stage.status === 'pending' && hasEnded(run) ? SKIPPED : marks[stage.status];
}
