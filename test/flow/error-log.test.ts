import { describe, expect, it } from 'vitest';
import { aPrepareReport } from '../fakes/samples.ts';
import { createFlowWorld, grace } from './world.ts';

describe('the log of the pipeline', () => {
  it('has every attempt of a step that hits a defect, which the card cannot explain', async () => {
    const world = createFlowWorld();
    const defect = new TypeError('undefined is not a function');
    world.preparer.answer(defect);

    const id = await world.retrain('first');
    await world.advance(3600);

    expect((await world.run(id)).failure).toMatchObject({ code: 'UNEXPECTED' });
    const attempts = world.errors.filter(({ step }) => step === 'prepare dataset');
    expect(attempts).toHaveLength(5);
    expect(attempts[0]).toEqual({
      message: 'A step failed.',
      runId: id,
      step: 'prepare dataset',
      error: defect,
    });
    expect(world.errors.at(-1)).toMatchObject({ message: 'A stage failed.', step: null });
  });

  it('has looks that reached nothing, although the run goes on', async () => {
    const world = createFlowWorld();
    world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
    const { describe: look } = world.jobs;
    const down = new Error('SageMaker is down.');
    world.jobs.describe = () => Promise.reject(down);

    const id = await world.retrain('first');
    world.jobs.describe = look;

    expect(world.errors).toContainEqual({
      message: 'A look failed.',
      runId: id,
      step: `look 1 at ${id}-train-1`,
      error: down,
    });
    expect((await world.run(id)).outcome).toBeNull();
  });

  it('has nothing of a run that ends as expected, well or badly', async () => {
    const world = createFlowWorld();
    await world.decide(await world.retrain('first'), grace, 'rejected');
    world.preparer.answer(
      aPrepareReport({
        status: 'invalid',
        errors: [
          {
            code: 'LABEL_MISSING',
            row: 2,
            column: 'label',
            message: 'The label is empty.',
            hint: 'Fill it in.',
          },
        ],
      }),
    );
    await world.retrain('second');

    expect(world.errors).toEqual([]);
  });
});
