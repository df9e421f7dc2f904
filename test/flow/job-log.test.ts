import { expect, it } from 'vitest';
import { aConfig, createFlowWorld } from './world.ts';

it('the log is the newest job of the run, or the one that is named', async () => {
  const world = createFlowWorld(aConfig());
  world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
  const training = await world.retrain('training');
  world.jobs.plan((spec) => world.complete(spec));
  const evaluated = await world.retrain('evaluated');
  const jobOf = async (runId: string, job?: 'train' | 'evaluate') =>
    (await world.pipeline.logs({ runId, lines: 10, ...(job === undefined ? {} : { job }) }))?.job;

  expect(await jobOf(training)).toBe('train');
  expect(await jobOf(training, 'evaluate')).toBeUndefined();
  expect(await jobOf(evaluated)).toBe('evaluate');
  expect(await jobOf(evaluated, 'train')).toBe('train');
});
