import { MlopsError } from '../../../pipeline/core/errors.ts';
import type { Pipeline, StartRun } from '../../../pipeline/core/pipeline.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { hasEnded } from '../../../pipeline/core/run.ts';
import { startFromDataset } from '../../../pipeline/flow/commands/start-from-dataset.ts';
import type { Choices } from '../engine/choices.ts';
import type { Attempt } from '../invariants/monitor.ts';
import type { Intention } from './people.ts';

/** What came of it: a run that was promised, or why there is none. */
export type Acted = { readonly kind: 'started'; readonly run: Run } | { readonly kind: 'nothing' };

/**
 * Does what a person set out to do, as a command would. `CONFLICT`s and the like are answers; what
 * is not an answer (throttling, a lost answer) is thrown, and whoever asked may ask again.
 */
export async function act(
  pipeline: Pipeline,
  intention: Intention,
  choices: Choices,
): Promise<Acted> {
  try {
    return await attempt(pipeline, intention, choices);
  } catch (error) {
    if (error instanceof MlopsError && !error.retryable) return { kind: 'nothing' };
    throw error;
  }
}

async function attempt(pipeline: Pipeline, intention: Intention, choices: Choices): Promise<Acted> {
  const { id, model } = intention;
  const start = async (request: StartRun): Promise<Acted> => {
    const { run } = await pipeline.startRun(request);
    return { kind: 'started', run };
  };
  switch (intention.kind) {
    case 'drop': {
      const requestedBy = { kind: 'system', name: 'inbox' } as const;
      const { dataset, newFile } = intention;
      const { run } = await startFromDataset(
        { pipeline, config: { models: {} } },
        { dataset, model, requestedBy, newFile },
      );
      return { kind: 'started', run };
    }
    case 'retrain':
      return start({
        ...asked(intention, intention.by),
        kind: 'retrain',
        dataset: null,
        hyperparameters: {},
      });
    case 'promote': {
      const version = await someVersion(pipeline, model, choices, id);
      if (version === null) return { kind: 'nothing' };
      return start({ ...asked(intention, intention.by), kind: 'promote', version });
    }
    case 'rollback': {
      const version = intention.isNamed ? await someVersion(pipeline, model, choices, id) : null;
      return start({ ...asked(intention, intention.by), kind: 'rollback', version });
    }
    case 'stop': {
      const [run] = await underway(pipeline, model);
      if (run !== undefined) await pipeline.stopRun({ runId: run.id, by: intention.by });
      return { kind: 'nothing' };
    }
    case 'on_demand': {
      const [run] = await underway(pipeline, model);
      if (run !== undefined) await pipeline.switchToOnDemand({ runId: run.id, by: intention.by });
      return { kind: 'nothing' };
    }
  }
}

const asked = ({ id, model }: Intention, requestedBy: StartRun['requestedBy']) => ({
  requestId: id,
  model,
  requestedBy,
  reason: null,
});

async function underway(pipeline: Pipeline, model: string): Promise<readonly Run[]> {
  return (await pipeline.listRuns({ model, ended: false })).filter((run) => !hasEnded(run));
}

/**
 * Often one that left production for a reason: people try it again. The same version when the person
 * asks again, unless another was marked since.
 */
async function someVersion(
  pipeline: Pipeline,
  model: string,
  choices: Choices,
  id: string,
): Promise<number | null> {
  const versions = await pipeline.listVersions(model);
  const newest = versions[0]?.version ?? 0;
  if (newest === 0) return null;
  const marked = versions.find(({ rolledBackBy }) => rolledBackBy !== null);
  return marked !== undefined && choices.chance(`${id}: a marked version`, 0.5)
    ? marked.version
    : choices.integer(`${id}: version`, 1, newest);
}

/** Decides as a person does who sees the request. */
export async function decide(pipeline: Pipeline, attempt: Attempt): Promise<void> {
  const { by } = attempt;
  await pipeline.decide({
    ...attempt,
    memberOf: by.kind === 'person' ? [by.id] : [],
    reason: attempt.outcome === 'rejected' ? 'not today' : null,
  });
}
