import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import { deployedVersion, type Outcome, type Run } from '../../pipeline/core/run.ts';

/** One run as `npm run demo -- --report` writes it: times ISO 8601, durations in seconds. */
export interface RunReport {
  readonly id: string;
  readonly kind: Run['kind'];
  readonly model: string;
  readonly outcome: string;
  readonly stages: readonly { name: string; startedAt: string | null; endedAt: string | null }[];
  readonly interruptions: readonly { atStep: number; resumedFromStep: number | null }[];
  readonly verdict: { outcome: string; reasons: readonly string[] } | null;
  readonly metrics: {
    readonly candidate: Readonly<Record<string, number>>;
    readonly production: Readonly<Record<string, number>> | null;
  } | null;
  readonly decisions: readonly { by: string; outcome: string; at: string }[];
  readonly serving: { readonly before: number | null; readonly after: number | null };
  readonly seconds: {
    readonly wall: number;
    /** Preparing, training, evaluating, loading the model to serve. */
    readonly python: number;
    /** Waiting for people, for simulated capacity and for the end of the bake window. */
    readonly waiting: number;
    /** The rest: the pipeline's own share. */
    readonly orchestration: number;
  };
}

export function reportRun(run: Run): RunReport {
  const { training, verdict, evaluation, approval } = run;
  const before = run.deployment?.from ?? run.evaluatedAgainst;
  return {
    id: run.id,
    kind: run.kind,
    model: run.model,
    outcome: outcomeWord(run.outcome),
    stages: run.stages.map(({ name, startedAt, endedAt }) => ({ name, startedAt, endedAt })),
    interruptions: (training?.interruptions ?? []).map(({ atStep, resumedFromStep }) => ({
      atStep,
      resumedFromStep,
    })),
    verdict: verdict && { outcome: verdict.outcome, reasons: reasonsOf(verdict) },
    metrics: evaluation && {
      candidate: evaluation.candidate.metrics,
      production: evaluation.production?.metrics ?? null,
    },
    decisions: (approval?.decisions ?? []).map(({ by, outcome, at }) => ({
      by: by.name,
      outcome,
      at,
    })),
    serving: { before, after: deployedVersion(run) ?? before },
    seconds: secondsOf(run),
  };
}

/** The report counts an expired approval as rejected and a superseded run as stopped. */
function outcomeWord(outcome: Outcome | null): string {
  if (outcome === 'expired') return 'rejected';
  return outcome === 'superseded' ? 'stopped' : (outcome ?? 'running');
}

function secondsOf(run: Run): RunReport['seconds'] {
  const wall = between(run.createdAt, run.endedAt ?? run.updatedAt);
  const people =
    run.approval === null ? 0 : between(run.approval.requestedAt, run.approval.endedAt);
  const { python } = run.time;
  const waiting = run.time.waiting + people;
  const orchestration = Math.max(0, wall - python - waiting);
  return { wall, python, waiting, orchestration };
}

function between(start: string, end: string | null): number {
  return end === null ? 0 : (Date.parse(end) - Date.parse(start)) / 1000;
}
