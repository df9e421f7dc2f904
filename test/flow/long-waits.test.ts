import { describe, expect, it } from 'vitest';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { DAY, HOUR, longWorld, operationsIn } from './long-wait-world.ts';
import { grace } from './world.ts';

describe('the longest waits that the configuration allows', { timeout: 60_000 }, () => {
  // 1/0.05 + ln(0.05 · 2,419,200 / 60) / ln(1.05) = 176 looks of four operations.
  it('fit into the operations of an execution: 28 days of training', async () => {
    const { database, world } = longWorld({ training: { maxRuntimeMinutes: 40_320 } });
    world.jobs.plan((spec) => (spec.kind === 'train' ? 'running' : world.complete(spec)));
    const id = await world.retrain('first');

    await world.advance(28 * DAY);
    const [train] = world.jobs.specs;
    if (train === undefined) throw new Error('There is no training job.');
    world.jobs.end(train.name, world.complete(train));
    await world.settle();

    expect((await world.run(id)).approval?.outcome).toBeNull();
    expect(operationsIn(database)[id]).toBeLessThan(4 * 180 + 50);
  });

  it('fit for an approval that stays open for a year', async () => {
    const { database, world } = longWorld({
      approval: { mode: 'people', approvers: ['U0GRACE'], expireAfterHours: 8_760 },
    });
    const id = await world.retrain('first');

    await world.advance(364 * DAY);
    await world.decide(id, grace);
    await world.advance(HOUR);

    expect((await world.run(id)).outcome).toBe('deployed');
    expect(operationsIn(database)[id]).toBeLessThan(300);
  });

  // 100 + ln(0.01 · 2,419,200 / 120) / ln(1.01) = 634 looks: 2,536 operations, two executions. Here
  // the executions are smaller, because each look replays all before it.
  it('fit for a bake window of 28 days, which goes on in new executions', async () => {
    const watch = { minutes: 40_320 };
    const { database, world } = longWorld({ watch }, { watchCheck: 120, mostOperations: 300 });
    const id = await world.retrain('first');
    await world.decide(id, grace);

    await world.advance(28 * DAY - 60);
    const before = await world.run(id);
    await world.advance(120);

    expect(before.outcome).toBeNull();
    expect((await world.run(id)).outcome).toBe('deployed');
    const operations = Object.values(operationsIn(database));
    expect(Math.max(...operations)).toBeLessThan(350);
    const inAll = operations.reduce((sum, each) => sum + each, 0);
    expect(inAll).toBeGreaterThan(2_500);
    expect(inAll).toBeLessThan(2_700);
  });

  it('fit for a put-back that the service refuses for two months, and is done at last', async () => {
    const { database, world } = longWorld();
    await world.deployed('first');
    const id = await world.retrain('second');
    world.endpoints.answer(() => 'not what was recorded');
    const { deploy } = world.endpoints;
    let isRefused = false;
    world.endpoints.deploy = async (config) => {
      if (isRefused) throw new MlopsError('CONFLICT', 'Too many requests.', { retryable: true });
      await deploy(config);
      isRefused = true;
    };
    await world.decide(id, grace);

    await world.advance(60 * DAY);
    const before = await world.run(id);
    isRefused = false;
    await world.advance(7 * DAY);

    expect(before).toMatchObject({ outcome: null, deployment: { revertedAt: null } });
    expect((await world.run(id)).deployment?.revertedAt).not.toBeNull();
    expect(operationsIn(database)[id]).toBeLessThan(1_000);
  });
});
