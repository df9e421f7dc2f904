import { describe, expect, it } from 'vitest';
import { onExecutionLost } from '../../pipeline/flow/execution-lost.ts';
import { onEndpointChanged } from '../../pipeline/flow/on-job-changed.ts';
import { repairRun } from '../../pipeline/flow/repair-run.ts';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import { HOUR, operationsIn, pace, resumeOften, smallWorld } from './long-wait-world.ts';
import { aConfig, ada, createFlowWorld, grace } from './world.ts';

describe('a run that is woken very often', () => {
  it('goes on in a new execution while it trains, and starts no job twice', async () => {
    const { database, world } = smallWorld();
    world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
    const id = await world.retrain('first');

    await resumeOften(world, id, 55);
    const [train] = world.jobs.specs;
    if (train === undefined) throw new Error('There is no training job.');
    world.jobs.end(train.name, world.complete(train));
    await world.settle();
    await world.decide(id, grace);
    await world.advance(HOUR);

    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'deployed', continuation: { part: 3, stage: 'train' } });
    expect(world.jobs.specs.map(({ kind }) => kind)).toEqual(['train', 'evaluate']);
    expect(Math.max(...Object.values(operationsIn(database)))).toBeLessThan(250);
  });

  it('goes on in the second attempt of its training, and can be stopped there', async () => {
    const { world } = smallWorld();
    world.jobs.plan(() => 'running');
    const id = await world.retrain('first');
    world.jobs.end(`${id}-train-1`, { status: 'MaxWaitTimeExceeded' });
    await world.settle();
    await resumeOften(world, id, 30);

    await world.pipeline.stopRun({ runId: id, by: ada });
    await world.settle();

    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'stopped', continuation: { part: 2, stage: 'train' } });
    expect((await world.jobs.describe(`${id}-train-2`))?.status).toBe('Stopped');
  });

  it('keeps its request for approval: the deadline, and what was decided already', async () => {
    const { world } = smallWorld({
      approval: { mode: 'people', approvers: ['U0GRACE', 'U0LINUS'], quorum: 2 },
    });
    const id = await world.retrain('first');
    await world.decide(id, grace);
    const { approval: before } = await world.run(id);

    await resumeOften(world, id, 30);

    const { approval, continuation } = await world.run(id);
    expect(continuation).toEqual({ part: 2, stage: 'approve' });
    expect(approval).toEqual(before);
    await world.decide(id, { kind: 'person', id: 'U0LINUS', name: 'Linus' });
    await world.advance(HOUR);
    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('keeps its place in the queue of deployments', async () => {
    const { world } = smallWorld();
    const first = await world.retrain('first');
    const second = await world.retrain('second');
    world.endpoints.behave('waits');
    await world.decide(first, grace);
    await world.decide(second, grace);
    await world.advance(60);
    await resumeOften(world, second, 25);
    const queued = await world.run(second);

    world.endpoints.settle('spam');
    await world.advance(HOUR);

    expect(queued).toMatchObject({
      waitingFor: first,
      continuation: { part: 2, stage: 'deploy' },
    });
    // It was compared with nothing, and the first run's version is live now.
    expect((await world.run(second)).outcome).toBe('superseded');
  });

  it('is undone in its bake window by the execution that watches it then', async () => {
    const { world } = smallWorld({ watch: { minutes: 60 } });
    await world.deployed('first');
    const id = await world.retrain('second');
    await world.decide(id, grace);
    for (let time = 0; time < 30; time++) {
      await onEndpointChanged(world, 'spam');
      await world.settle();
    }

    world.endpoints.count('spam', 100, 50);
    await onEndpointChanged(world, 'spam');
    await world.advance(HOUR);

    const run = await world.run(id);
    expect(run).toMatchObject({ outcome: 'failed', continuation: { part: 2, stage: 'watch' } });
    expect(run.deployment?.revertedAt).not.toBeNull();
  });
});

describe('a run in its second execution', () => {
  async function continued() {
    const { database, world } = smallWorld();
    const id = await world.retrain('first');
    await resumeOften(world, id, 30);
    return { database, world, id };
  }

  it('is repaired under that name, also when the first is forgotten', async () => {
    const { database, world, id } = await continued();
    database.prepare('DELETE FROM durable_executions WHERE name = ?').run(id);

    await repairRun(world, await world.run(id));
    await world.settle();
    await world.executions.start({ name: id, input: { runId: id } });
    await world.settle();

    expect((await world.run(id)).approval?.outcome).toBeNull();
    expect(world.jobs.specs).toHaveLength(2);
    expect(operationsIn(database)[id]).toBe(1);
    await world.decide(id, grace);
    await world.advance(HOUR);
    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('is missed when that one is cut off, and not when the first is', async () => {
    const { database, world, id } = await continued();

    await onExecutionLost(world, id);
    await world.settle();
    const untouched = await world.run(id);
    await onExecutionLost(world, `${id}-2`);
    await world.settle();

    expect(untouched.outcome).toBeNull();
    expect((await world.run(id)).failure?.code).toBe('EXECUTION_LOST');
    expect(Object.keys(operationsIn(database))).toContain(`${id}-recovery`);
  });

  it('goes on after a restart', async () => {
    const { world, id } = await continued();

    await world.restart();
    await world.decide(id, grace);
    await world.advance(HOUR);

    expect((await world.run(id)).outcome).toBe('deployed');
  });
});

describe('a history from before waits were counted', () => {
  it('replays however long it is, and is continued after its next look', async () => {
    const database = openDatabase(':memory:');
    const changing = { ...pace, mostOperations: Number.POSITIVE_INFINITY };
    const world = createFlowWorld(aConfig(), { database, pace: changing });
    world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
    const id = await world.retrain('first');
    await resumeOften(world, id, 60);
    forgetCircumstances(database);

    Object.assign(changing, { mostOperations: 100 });
    await world.restart();
    const replayed = await world.run(id);
    await resumeOften(world, id, 1);
    const [train] = world.jobs.specs;
    if (train === undefined) throw new Error('There is no training job.');
    world.jobs.end(train.name, world.complete(train));
    await world.settle();

    expect(replayed.continuation).toBeUndefined();
    const run = await world.run(id);
    expect(run.continuation).toEqual({ part: 2, stage: 'train' });
    expect(run.approval?.outcome).toBeNull();
    expect(operationsIn(database)[id]).toBeGreaterThan(200);
  });
});

/** Rewrites what is stored to what the code before stored. */
function forgetCircumstances(database: Database): void {
  const rows = database.prepare('SELECT position, wire FROM durable_operations').all() as {
    position: number;
    wire: string;
  }[];
  const update = database.prepare('UPDATE durable_operations SET wire = ? WHERE position = ?');
  let forgotten = 0;
  for (const { position, wire } of rows) {
    const operation = JSON.parse(wire);
    const result = operation.StepDetails?.Result;
    if (typeof result !== 'string' || !result.includes('isSpent')) continue;
    const { at: _at, isSpent: _isSpent, ...before } = JSON.parse(result);
    operation.StepDetails.Result = JSON.stringify(before);
    update.run(JSON.stringify(operation), position);
    forgotten += 1;
  }
  if (forgotten === 0) throw new Error('No result was rewritten.');
}
