import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { modelConfig } from '../core/config.ts';
import { toFailure } from '../core/errors.ts';
import { type Run, type RunId, type StageName, stagesOf } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { loadRun } from './load-run.ts';
import { record } from './record.ts';
import { createStory, type Ending, failed, type Story, stopped } from './run-context.ts';
import { approve } from './stages/approve.ts';
import { deploy } from './stages/deploy.ts';
import { evaluate } from './stages/evaluate.ts';
import { gate } from './stages/gate.ts';
import { releaseLease } from './stages/lease.ts';
import { prepare } from './stages/prepare.ts';
import { register } from './stages/register.ts';
import { train } from './stages/train.ts';
import { watch } from './stages/watch.ts';

type TellStage = (story: Story) => Promise<Ending | null>;

const stages: Readonly<Record<StageName, TellStage>> = {
  prepare,
  train,
  evaluate,
  gate,
  register,
  approve,
  deploy,
  watch,
};

/**
 * The run, as a durable function: its stages in order, until one ends it. The run record has every
 * result; the return value is only for the engine's own history.
 */
export function createRunFlow(deps: FlowDeps) {
  return async ({ runId }: { runId: RunId }, context: DurableContext): Promise<Ending> => {
    const { kind, model } = await context.step('load run', async () =>
      factsOf(await loadRun(deps, runId)),
    );
    const story = createStory(context, deps, {
      runId,
      kind,
      model,
      config: modelConfig(deps.config, model),
    });
    const ending = await tellStages(story);
    await story.tell('end run', { type: 'RunEnded', runId, ...ending });
    await releaseLease(story, 'at the end');
    return ending;
  };
}

function factsOf({ kind, model }: Run) {
  return { kind, model };
}

async function tellStages(story: Story): Promise<Ending> {
  try {
    for (const name of stagesOf[story.kind]) {
      if (await begin(story, name)) return stopped;
      const ending = await stages[name](story);
      if (ending !== null) return ending;
    }
    return { outcome: story.kind === 'rollback' ? 'rolled_back' : 'deployed', failure: null };
  } catch (error) {
    return failed(toFailure(error));
  }
}

/** Starts a stage; true when somebody asked to stop the run before. */
function begin(story: Story, stage: StageName): Promise<boolean> {
  return story.step(`begin ${stage}`, async () => {
    const { runId, deps } = story;
    const run = await loadRun(deps, runId);
    if (run.stopRequestedBy !== null && stage !== 'watch') return true;
    await record(deps, { type: 'StageStarted', runId, stage });
    return false;
  });
}
