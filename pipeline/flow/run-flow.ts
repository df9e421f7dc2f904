import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { modelConfig } from '../core/model-config.ts';
import { type Continuation, type Run, type RunId, type StageName, stagesOf } from '../core/run.ts';
import { ContinueInNewExecution } from './continue-in-new-execution.ts';
import { endRun } from './end-run.ts';
import { executionFor } from './execution-for.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import { recoverRun } from './recover-run.ts';
import { retireModel } from './retire-model.ts';
import {
  createRunContext,
  type Ending,
  failed,
  failureOf,
  type RunContext,
  stopped,
} from './run-context.ts';
import { approve } from './stages/approve.ts';
import { deploy } from './stages/deploy.ts';
import { evaluate } from './stages/evaluate.ts';
import { gate } from './stages/gate.ts';
import { releaseLease } from './stages/lease.ts';
import { prepare } from './stages/prepare.ts';
import { register } from './stages/register.ts';
import { train } from './stages/train.ts';
import { watch } from './stages/watch.ts';

type RunStage = (context: RunContext) => Promise<Ending | null>;

/** Of the runs that lead to production. */
const stages: Readonly<Partial<Record<StageName, RunStage>>> = {
  prepare,
  train,
  evaluate,
  gate,
  register,
  approve,
  deploy,
  watch,
};

export interface RunInput {
  readonly runId: RunId;
  /** The run's own execution was cut off, see {@link recoverRun}. */
  readonly isRecovery?: boolean;
  /** Number of this execution and the stage in which it goes on; left out in the first. */
  readonly part?: number;
  readonly stage?: StageName;
}

/** What an execution returns that another one follows; only for the engine's history. */
interface Continued {
  readonly continuedAs: string;
}

/**
 * A run as a durable function: its stages in order, until one ends it. Every result is in the run
 * record; the return value is only for the engine's history.
 */
export function createRunFlow(deps: FlowDeps) {
  return async (
    { runId, isRecovery = false, part = 1, stage }: RunInput,
    durable: DurableContext,
  ): Promise<Ending | Continued | null> => {
    const { kind, model, isOver, startedAt } = await durable.step('load run', async () => ({
      ...factsOf(await loadRun(deps, runId), part),
      startedAt: deps.clock.now().getTime(),
    }));
    // Started again after the engine had forgotten that this part was handed over.
    if (isOver === true && !isRecovery) return null;
    if (kind === 'retire')
      return retireModel(createRunContext(durable, deps, { runId, kind, model }));
    if (isRecovery) {
      await recoverRun(durable, deps, { runId, kind, model });
      return null;
    }
    // Thrown for a model that has gone, so that a recovery ends the run.
    const facts = { runId, kind, model, config: modelConfig(deps.config, model) };
    const context = createRunContext(durable, deps, facts, {
      resumed: stage ?? null,
      // Left out in histories from before.
      startedAt: startedAt ?? null,
    });
    const ending = await runStages(context);
    if ('waitsIn' in ending) return handOver(context, { part: part + 1, stage: ending.waitsIn });
    await endRun(context, ending);
    await releaseLease(context, 'at the end');
    return ending;
  };
}

/** `isOver` is left out in histories from before. */
function factsOf({ kind, model, continuation }: Run, part: number) {
  return { kind, model, isOver: part < (continuation?.part ?? 1) };
}

/** Has the run go on in a new execution, which finds all it needs in the run record. */
async function handOver(context: RunContext, continuation: Continuation): Promise<Continued> {
  const { runId, deps } = context;
  const next = executionFor(runId, continuation);
  await context.step('continue in a new execution', async () => {
    // First the record, so that a repair starts this execution and no other.
    await record(deps, { type: 'RunContinued', runId, ...continuation });
    await deps.executions.start(next);
    return null;
  });
  return { continuedAs: next.name };
}

async function runStages(context: RunContext): Promise<Ending | { readonly waitsIn: StageName }> {
  const all = stagesOf[context.kind];
  const first = context.resumed === null ? 0 : all.indexOf(context.resumed);
  for (const name of all.slice(first)) {
    try {
      if (name !== context.resumed && (await begin(context, name))) return stopped;
      const ending = await stages[name]?.(context);
      if (ending != null) return ending;
    } catch (error) {
      if (error instanceof ContinueInNewExecution) return { waitsIn: name };
      return failed(failureOf(context, error));
    }
  }
  return { outcome: context.kind === 'rollback' ? 'rolled_back' : 'deployed', failure: null };
}

/** Starts a stage; true when the run was asked to stop before. */
function begin(context: RunContext, stage: StageName): Promise<boolean> {
  return context.step(`begin ${stage}`, async () => {
    const { runId, deps } = context;
    const run = await loadRun(deps, runId);
    if (run.stopRequestedBy !== null && stage !== 'watch') return true;
    await record(deps, { type: 'StageStarted', runId, stage });
    return false;
  });
}
