import type { Actor, Instant, Lift, Run, RunId } from '../run.ts';

/** What is remembered about a version that left production because something was wrong with it. */
export interface VersionMark {
  /** `reverted`: its deployment could not be proven, or failed in the bake window. */
  readonly kind: 'rolled_back' | 'reverted';
  readonly version: number;
  /** Run that took it out of production. */
  readonly runId: RunId;
  /** Who rolled it back; null when it was put back without people. */
  readonly by: Actor | null;
  readonly reason: string | null;
  readonly at: Instant;
  /** Version that has answered since; null when nothing did. */
  readonly backTo: number | null;
  /** Who took the mark off, and why; null while it stands. */
  readonly lifted: Lift | null;
}

/** The mark that a run leaves on a version; null when it leaves none. */
export function markOf({ id: runId, kind, deployment, requestedBy, reason }: Run) {
  if (deployment === null) return null;
  const { from, to, verifiedAt, revertedAt, revertReason, lifted = null } = deployment;
  const common = { runId, lifted };
  if (revertedAt !== null) {
    return {
      ...common,
      kind: 'reverted',
      version: to,
      by: null,
      reason: revertReason,
      at: revertedAt,
      backTo: from,
    } satisfies VersionMark;
  }
  if (kind !== 'rollback' || from === null || verifiedAt === null) return null;
  return {
    ...common,
    kind: 'rolled_back',
    version: from,
    by: requestedBy,
    reason,
    at: verifiedAt,
    backTo: to,
  } satisfies VersionMark;
}

/** The mark in one sentence of plain text, for errors and terminals. */
export function markSentence(
  model: string,
  { kind, version, by, reason, at }: VersionMark,
): string {
  const when = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  const why = reason === null || reason === '' ? '.' : `: ${reason.replace(/\.$/, '')}.`;
  return kind === 'rolled_back'
    ? `${model} v${version} was rolled back by ${by?.name ?? 'someone unknown'} at ${when}${why}`
    : `${model} v${version} was put back at ${when}${why}`;
}
