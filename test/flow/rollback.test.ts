import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { aRun } from '../fakes/samples.ts';
import { ada, createFlowWorld, grace } from './world.ts';

describe('a rollback', () => {
  it('brings back the version before, without an approval', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');

    const { run } = await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version: null,
      requestedBy: ada,
      reason: 'too many complaints',
    });
    await world.settle();
    await world.advance(3600);

    expect(await world.run(run.id)).toMatchObject({
      outcome: 'rolled_back',
      deployment: { from: 2, to: 1 },
    });
    const status = await world.pipeline.modelStatus('spam');
    expect(status.production?.version.version).toBe(1);
    expect(status.rollbackTo).toBeNull();
  });

  it.each([
    ['by name', 2],
    ['a second time', null],
  ])('never goes %s to the version that was rolled back', async (_, version) => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const ask = (requestId: string, to: number | null) =>
      world.pipeline.startRun({
        kind: 'rollback',
        requestId,
        model: 'spam',
        version: to,
        requestedBy: ada,
        reason: null,
      });
    await ask('back', null);
    await world.settle();
    await world.advance(3600);

    await expect(ask('again', version)).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' });
  });

  it('finds the version before, however many runs came to nothing since', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const ended = world.clock.now().toISOString();
    for (let number = 0; number < 600; number += 1) {
      await world.runs.create(
        aRun({ id: `spam-blocked${number}`, createdAt: ended, endedAt: ended, outcome: 'blocked' }),
      );
    }

    const status = await world.pipeline.modelStatus('spam');

    expect(status.production).toMatchObject({ version: { version: 2 } });
    expect(status.rollbackTo).toBe(1);
  });

  it.each([
    ['when there is nothing before', null],
    ['to a version that was never live', 2],
  ])('is refused %s', async (_, version) => {
    const world = createFlowWorld();
    await world.deployed('first');
    const second = await world.retrain('second');
    await world.decide(second, grace, 'rejected');

    const promise = world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version,
      requestedBy: ada,
      reason: null,
    });

    await expect(promise).rejects.toBeInstanceOf(MlopsError);
    await expect(promise).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' });
  });
});
