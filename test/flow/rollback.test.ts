import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { aRun } from '../fakes/samples.ts';
import { ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const wrongFor =
  (broken: number) =>
  (body: string, { version }: { readonly version: number }) =>
    JSON.stringify([{ label: version === broken ? 'wrong' : JSON.parse(body).inputs, score: 0.9 }]);

const askFor = (world: FlowWorld) => (requestId: string, version: number | null) =>
  world.pipeline.startRun({
    kind: 'rollback',
    requestId,
    model: 'spam',
    version,
    requestedBy: ada,
    reason: null,
  });

/** Version 2 is live; a rollback to version 1 was put back, as that answered wrongly by then. */
async function afterFailedRollback() {
  const world = createFlowWorld();
  await world.deployed('first');
  await world.deployed('second');
  const ask = askFor(world);
  world.endpoints.answer(wrongFor(1));
  await ask('back', null);
  await world.settle();
  await world.advance(3600);
  world.endpoints.answer(wrongFor(0));
  return { world, ask };
}

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

  it.each([
    ['by name', 1],
    ['by itself', null],
  ])('never goes %s to a version that has failed in production since', async (_, version) => {
    const { world, ask } = await afterFailedRollback();

    await expect(ask('again', version)).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' });
    expect((await world.pipeline.modelStatus('spam')).rollbackTo).toBeNull();
  });

  it('goes to such a version again once people have approved it', async () => {
    const { world, ask } = await afterFailedRollback();
    const promoted = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'repaired',
      model: 'spam',
      version: 1,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();
    await world.decide(promoted.run.id, grace);
    await world.advance(3600);
    await world.deployed('third');

    const { run } = await ask('again', 1);
    await world.settle();
    await world.advance(3600);

    expect((await world.run(run.id)).outcome).toBe('rolled_back');
  });

  it('may be tried again when the endpoint did not take the change', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const ask = askFor(world);
    world.endpoints.behave({ fails: 'The service is out of capacity.' });
    await ask('back', 1);
    await world.settle();
    world.endpoints.behave('settles');
    await world.advance(3600);

    const { run } = await ask('again', 1);
    await world.settle();
    await world.advance(3600);

    expect((await world.run(run.id)).outcome).toBe('rolled_back');
  });

  it('is refused at the endpoint when its version failed while it waited', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    const ask = askFor(world);
    world.endpoints.answer(wrongFor(1));
    world.endpoints.behave('waits');
    await ask('back', 1);
    await world.settle();
    const { run } = await ask('impatient', 1);
    await world.settle();
    world.endpoints.behave('settles');
    world.endpoints.settle('spam');

    await world.advance(3600);

    expect(await world.run(run.id)).toMatchObject({
      outcome: 'failed',
      failure: { code: 'NOTHING_TO_ROLL_BACK' },
      deployment: null,
    });
    expect((await world.pipeline.modelStatus('spam')).production?.version.version).toBe(2);
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
