import { describe, expect, it } from 'vitest';
import { watchEndpoints } from '../../pipeline/flow/alerts/watch-endpoints.ts';
import { aConfig, createFlowWorld, type FlowWorld, grace } from './world.ts';

const reference = {
  schemaVersion: 1,
  rows: 400,
  features: [
    {
      name: 'words',
      kind: 'ordered',
      bins: ['≤ 40', '≤ 80', '> 80', 'missing'],
      counts: [130, 140, 130, 0],
    },
    { name: 'label', kind: 'category', bins: ['ham', 'spam', 'other'], counts: [260, 140, 0] },
  ],
};
const alike = { words: [100, 105, 95, 0], label: [195, 105, 0] };
const shifted = { words: [10, 50, 240, 0], label: [195, 105, 0] };

/** A model in production whose evaluation left histograms. */
async function live(changes: object | null = {}): Promise<FlowWorld> {
  const world = createFlowWorld(aConfig({ alerts: { consecutive: 2 } }));
  world.jobs.plan((spec) => {
    const job = world.complete(spec);
    if (spec.kind === 'train' || changes === null || job.status !== 'Completed') return job;
    const text = JSON.stringify({ ...reference, ...changes });
    return { ...job, outputs: { ...job.outputs, 'reference.json': text } };
  });
  await world.deployed('first');
  return world;
}

/** So many inputs arrive, and a look follows. */
async function look(world: FlowWorld, counts: Record<string, number[]>, inputs = 300) {
  const { configName } = (await world.endpoints.describe('spam')) ?? {};
  world.endpoints.count('spam', 1000, 0);
  await world.advance(60);
  world.endpoints.ask(configName ?? '', world.clock.now().toISOString(), { inputs, counts });
  await world.advance(60);
  await watchEndpoints(world);
}

const published = (world: FlowWorld) =>
  world.bus.types().filter((type) => type.startsWith('Regression'));

describe('the watch on inputs', () => {
  it('opens one alert when inputs stay unlike the evaluated rows, and ends it', async () => {
    const world = await live();

    for (const counts of [alike, shifted, shifted, shifted]) await look(world, counts);
    const [opened, ...others] = await world.pipeline.listAlerts({ open: true });
    for (const counts of [alike, alike]) await look(world, counts);

    expect(others).toEqual([]);
    expect(opened).toMatchObject({
      id: 'spam-input-drift-1',
      kind: 'input_drift',
      rollbackTo: null,
      opened: {
        by: {
          version: 1,
          sample: 300,
          isBreach: true,
          source: { moved: ['words'], histogram: { name: 'words', now: [10, 50, 240, 0] } },
        },
      },
    });
    expect(published(world)).toEqual([
      'RegressionDetected',
      'RegressionObserved',
      'RegressionObserved',
      'RegressionRecovered',
    ]);
  });

  it('counts each input for one look', async () => {
    const world = await live();

    await look(world, shifted);
    await look(world, shifted, 299);
    await look(world, shifted, 1);

    expect((await world.alerts.latest('spam', 'input_drift'))?.observations).toMatchObject([
      { sample: 300 },
      { sample: 300, source: { histogram: { now: [20, 100, 480, 0] } } },
    ]);
  });

  it('begins anew with another version', async () => {
    const world = await live();
    await look(world, shifted);
    world.endpoints.ask('spam-v1-late', world.clock.now().toISOString(), {
      inputs: 300,
      counts: shifted,
    });

    await world.decide(await world.retrain('second'), grace);
    await world.advance(3600);
    await look(world, shifted);

    expect(await world.pipeline.listAlerts({})).toEqual([]);
  });

  it('compares with what people took for normal, from the next look on', async () => {
    const world = await live();
    for (const counts of [alike, shifted, shifted, shifted]) await look(world, counts);

    await world.pipeline.acceptInputs({ alertId: 'spam-input-drift-1', by: grace });
    for (const counts of [shifted, shifted, shifted]) await look(world, counts);
    const open = await world.pipeline.listAlerts({ open: true });
    for (const counts of [alike, alike, alike]) await look(world, counts);

    expect(await world.pipeline.getAlert('spam-input-drift-1')).toMatchObject({
      status: 'accepted',
      normalInputs: { by: grace, version: 1 },
    });
    expect(open).toEqual([]);
    expect(await world.pipeline.listAlerts({ open: true })).toMatchObject([
      { id: 'spam-input-drift-2', opened: { by: { source: { moved: ['words'] } } } },
    ]);
    expect(published(world).slice(-3)).toEqual([
      'RegressionAccepted',
      'RegressionDetected',
      'RegressionObserved',
    ]);
  });

  it('judges nothing until enough of what is normal has arrived', async () => {
    const world = await live();
    for (const counts of [shifted, shifted]) await look(world, counts);
    await world.pipeline.acceptInputs({ alertId: 'spam-input-drift-1', by: grace });
    await world.pipeline.mute({
      model: 'spam',
      kind: 'input_drift',
      by: grace,
      until: new Date(world.clock.now().getTime() + 3_600_000).toISOString(),
      reason: null,
    });

    await look(world, shifted, 20);
    const latest = await world.alerts.latest('spam', 'input_drift');

    expect(latest).toMatchObject({
      status: 'watching',
      normalInputs: { counts: { words: [20, 100, 480, 0] } },
    });
  });

  it('forgets what was normal with another version', async () => {
    const world = await live();
    for (const counts of [shifted, shifted]) await look(world, counts);
    await world.pipeline.acceptInputs({ alertId: 'spam-input-drift-1', by: grace });
    await look(world, shifted);

    await world.decide(await world.retrain('second'), grace);
    await world.advance(3600);
    for (const counts of [shifted, shifted]) await look(world, counts);

    expect(await world.pipeline.listAlerts({ open: true })).toMatchObject([
      { id: 'spam-input-drift-2', opened: { by: { version: 2 } } },
    ]);
  });

  it('accepts nothing for an alert that has ended', async () => {
    const world = await live();
    for (const counts of [shifted, shifted, alike, alike]) await look(world, counts);

    await world.pipeline.acceptInputs({ alertId: 'spam-input-drift-1', by: grace });

    expect(await world.pipeline.getAlert('spam-input-drift-1')).toMatchObject({
      status: 'recovered',
    });
    expect(await world.alerts.latest('spam', 'input_drift')).not.toHaveProperty('normalInputs');
  });

  it('keeps with the run whether its inputs can be watched', async () => {
    const [watched, unwatched] = [await live(), await live(null)];
    const latest = async (world: FlowWorld) => (await world.pipeline.listRuns({}))[0];

    expect(await latest(watched)).toMatchObject({ hasReference: true });
    expect(await latest(unwatched)).not.toHaveProperty('hasReference');
    expect(await watched.pipeline.modelStatus('spam')).not.toHaveProperty('countsNoInputs');
    expect(await unwatched.pipeline.modelStatus('spam')).toMatchObject({ countsNoInputs: true });
  });

  it('asks nothing of a version from before inputs were counted', async () => {
    const world = await live(null);

    for (const counts of [shifted, shifted, shifted]) await look(world, counts);

    expect(await world.alerts.latest('spam', 'input_drift')).toBeNull();
  });

  it('ends a run whose histograms break the contract', async () => {
    const world = await live({ rows: 'many' });

    const [run] = await world.pipeline.listRuns({});

    expect(run).toMatchObject({ outcome: 'failed', failure: { code: 'CONTRACT_BROKEN' } });
  });
});
