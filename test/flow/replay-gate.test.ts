import { describe, expect, it } from 'vitest';
import { keys } from '../../pipeline/core/names.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld } from './world.ts';

async function worse(world: FlowWorld): Promise<string> {
  await world.deployed('first');
  world.quality.candidate = world.quality.candidate - 0.03;
  const id = await world.retrain('worse');
  await world.advance(3600);
  return id;
}

describe('a replay of the gate', () => {
  it('judges the stored answers with other settings, beside the recorded verdict', async () => {
    const world = createFlowWorld();
    const runId = await worse(world);

    const wide = await world.pipeline.replayGate({
      runId,
      settings: { margin: '0.1', tolerance: '0.1' },
    });

    expect(wide.recorded.outcome).toBe('fail');
    expect(wide.replayed.outcome).toBe('pass');
    expect(wide.policy).toMatchObject({ nonInferiorityMargin: 0.1, metric: 'macro_f1' });
  });

  it('repeats the recorded verdict when nothing has changed, however often', async () => {
    const world = createFlowWorld();
    const runId = await worse(world);

    for (let time = 0; time < 20; time++) {
      const { recorded, replayed } = await world.pipeline.replayGate({ runId, settings: {} });
      expect(replayed).toEqual(recorded);
    }
  });

  it('judges stored answers by the slices that they have', async () => {
    const world = createFlowWorld(aConfig({ gate: { minimum: 0.5, slices: ['country'] } }));
    const runId = await worse(world);
    const key = keys.evaluation(runId, 'predictions.csv');
    const [header, ...rows] = new TextDecoder()
      .decode((await world.artifacts.get(key)) ?? undefined)
      .split('\n');
    const reasons = async () => {
      const { replayed } = await world.pipeline.replayGate({ runId, settings: {} });
      return replayed.checks.filter(({ name }) => name === 'per_slice').map(({ reason }) => reason);
    };

    const before = await reasons();
    const isLost = (row: string) => row.split(',')[1] !== row.split(',')[2];
    const sliced = rows.map((row) => `${row},${isLost(row) ? 'DE' : 'FR'}`);
    await world.artifacts.put(key, [`${header},slice:country`, ...sliced].join('\n'));

    expect(before).toEqual([
      'The rows were evaluated without “country”, so no slice of it is judged.',
    ]);
    expect((await reasons())[0]).toMatch(/^country=DE: \d+\.\d points lower on \d+ rows/);
  });

  it('counts no look and leaves the run as it is', async () => {
    const world = createFlowWorld();
    const runId = await worse(world);
    const [run, ledger] = [await world.run(runId), await world.ledgers.get('spam')];

    await world.pipeline.replayGate({ runId, settings: { minimum: '0' } });

    expect(await world.run(runId)).toEqual(run);
    expect(await world.ledgers.get('spam')).toEqual(ledger);
  });

  it('compares a promotion as the promotion was compared', async () => {
    const world = createFlowWorld(aConfig({ approval: { mode: 'auto' } }));
    await world.deployed('first');
    await world.deployed('second');
    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'back',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      version: 1,
    });
    await world.settle();

    const { recorded, replayed } = await world.pipeline.replayGate({ runId: run.id, settings: {} });

    expect(recorded.look?.number).toBe(3);
    expect(replayed).toEqual(recorded);
  });

  it('says of a run without a verdict, or without its answers, that there is none', async () => {
    const world = createFlowWorld();
    const runId = await world.deployed('first');
    await world.artifacts.put(keys.evaluation(runId, 'predictions.csv'), 'id,label\n');
    world.preparer.answer(aPrepareReport({ status: 'invalid' }));
    const invalid = await world.retrain('invalid');

    const replay = (id: string) => world.pipeline.replayGate({ runId: id, settings: {} });

    await expect(replay(invalid)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(replay(runId)).rejects.toMatchObject({ code: 'CONTRACT_BROKEN' });
    await expect(replay('spam-zzzzzzzz')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });
});
