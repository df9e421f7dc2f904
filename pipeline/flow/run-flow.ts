import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { toFailure } from '../core/errors.ts';
import { modelConfig } from '../core/model-config.ts';
import { type Run, type RunId, type StageName, stagesOf } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import { recoverRun } from './recover-run.ts';
import { createRunContext, type Ending, failed, type RunContext, stopped } from './run-context.ts';
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

const stages: Readonly<Record<StageName, RunStage>> = {
  prepare,
  train,
  evaluate,
  gate,
  register,
  approve,
  deploy,
  watch,
};

/** `isRecovery`: the run's own execution was cut off, see {@link recoverRun}. */
export interface RunInput {
  readonly runId: RunId;
  readonly isRecovery?: boolean;
}

/**
 * A run as a durable function: its stages in order, until one ends it. Every result is in the run
 * record; the return value is only for the engine's history.
 */
export function createRunFlow(deps: FlowDeps) {
  return async (
    { runId, isRecovery = false }: RunInput,
    durable: DurableContext,
  ): Promise<Ending | null> => {
    const { kind, model } = await durable.step('load run', async () =>
      factsOf(await loadRun(deps, runId)),
    );
    const facts = { runId, kind, model, config: modelConfig(deps.config, model) };
    if (isRecovery) {
      await recoverRun(durable, deps, facts);
      return null;
    }
    const context = createRunContext(durable, deps, facts);
    const ending = await runStages(context);
    await context.record('end run', { type: 'RunEnded', runId, ...ending });
    await releaseLease(context, 'at the end');
    return ending;
  };
}

function factsOf({ kind, model }: Run) {
  return { kind, model };
}

async function runStages(context: RunContext): Promise<Ending> {
  try {
    for (const name of stagesOf[context.kind]) {
      if (await begin(context, name)) return stopped;
      const ending = await stages[name](context);
      if (ending !== null) return ending;
    }
    return { outcome: context.kind === 'rollback' ? 'rolled_back' : 'deployed', failure: null };
  } catch (error) {
    return failed(toFailure(error));
  }
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
