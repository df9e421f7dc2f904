import type { Run, StageName, StageStatus } from '../run.ts';
import { stageOf } from '../run.ts';

const rank: Readonly<Record<StageStatus, number>> = {
  pending: 0,
  running: 1,
  succeeded: 2,
  failed: 2,
};

export function moveStage(run: Run, name: StageName, status: StageStatus, at: string): Run {
  const stage = stageOf(run, name);
  if (stage === undefined || rank[status] <= rank[stage.status]) return run;
  const moved = {
    ...stage,
    status,
    startedAt: stage.startedAt ?? at,
    endedAt: status === 'running' ? null : at,
  };
  return { ...run, stages: run.stages.map((each) => (each.name === name ? moved : each)) };
}

/** A stage starts only when all before it have succeeded. */
export function startStage(run: Run, name: StageName, at: string): Run {
  const index = run.stages.findIndex((stage) => stage.name === name);
  const ready = run.stages
    .slice(0, Math.max(index, 0))
    .every((stage) => stage.status === 'succeeded');
  return ready ? moveStage(run, name, 'running', at) : run;
}

/** Ends a running stage together with what it produced. */
export function finish(
  run: Run,
  name: StageName,
  at: string,
  produced: () => Partial<Run>,
  status: 'succeeded' | 'failed' = 'succeeded',
): Run {
  if (stageOf(run, name)?.status !== 'running') return run;
  return { ...moveStage(run, name, status, at), ...produced() };
}

export function spend(run: Run, python: number, waiting: number): Run['time'] {
  return { python: run.time.python + python, waiting: run.time.waiting + waiting };
}
