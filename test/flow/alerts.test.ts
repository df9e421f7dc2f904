import { describe, expect, it } from 'vitest';
import { alertKinds } from '../../pipeline/core/alert/alert.ts';
import { watchEndpoints } from '../../pipeline/flow/alerts/watch-endpoints.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const published = (world: FlowWorld) =>
  world.bus.types().filter((type) => type.startsWith('Regression') || type.startsWith('Alerts'));

async function degraded(): Promise<FlowWorld> {
  const world = createFlowWorld();
  await world.deployed('first');
  world.quality.production = 0.85;
  world.quality.firstRow = 1000;
  await world.retrain('drifted');
  return world;
}

describe('an evaluation with worse scores of production', () => {
  it('raises one alert, however often production is found worse', async () => {
    const world = await degraded();

    await world.advance(60);
    await world.retrain('again');

    expect(published(world)).toEqual(['RegressionDetected', 'RegressionObserved']);
    const [alert, ...others] = await world.pipeline.listAlerts({});
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      id: 'spam-metric-1',
      status: 'open',
      opened: { by: { version: 1, value: expect.closeTo(0.85, 6), baseline: 0.95, sample: 1000 } },
    });
    expect((await world.pipeline.modelStatus('spam')).alerts).toHaveLength(1);
  });

  it('names the data on whose rows it was found, and the version that is live since', async () => {
    const world = await degraded();

    const [alert] = await world.pipeline.listAlerts({});
    const [newest, first] = await world.pipeline.listRuns({});
    expect(alert?.opened?.changes).toMatchObject([
      { change: { kind: 'dataset', runId: newest?.id } },
      { change: { kind: 'deployment', runId: first?.id, version: 1, from: null } },
    ]);
  });

  it('is judged on the rows alone that production’s own run did not have', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.production = 0.85;
    world.quality.firstRow = 750;

    const id = await world.retrain('grown');

    // Of the 750 new rows 600 are right; the 250 old ones are right as before.
    expect(await world.pipeline.listAlerts({})).toMatchObject([
      { opened: { by: { value: expect.closeTo(0.8, 2), sample: 750 } } },
    ]);
    expect(await world.run(id)).toMatchObject({ newRows: { rows: 750, minimum: 30 } });
  });

  it('leaves out rows that production was trained on before they were reformatted', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.production = 0.85;
    world.quality.firstRow = 1000;
    const trainedOn = Array.from({ length: 900 }, (_, index) => String(1000 + index));
    world.preparer.answer(aPrepareReport(), { 1: trainedOn });

    const id = await world.retrain('reformatted');

    expect(await world.run(id)).toMatchObject({ newRows: { rows: 100 } });
  });

  it('is not raised on old rows, or on few new ones', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.production = 0.85;

    const same = await world.retrain('same');
    world.quality.firstRow = 29;
    const few = await world.retrain('few');

    expect(published(world)).toEqual([]);
    expect(await world.run(same)).toMatchObject({ newRows: { rows: 0 } });
    expect(await world.run(few)).toMatchObject({ newRows: { rows: 29, minimum: 30 } });
  });

  it('is recovered when later rows score well again', async () => {
    const world = await degraded();
    world.quality.production = 0.95;

    await world.advance(60);
    await world.retrain('fine-again');

    expect(published(world)).toEqual(['RegressionDetected', 'RegressionRecovered']);
    expect(await world.pipeline.listAlerts({ open: true })).toEqual([]);
  });

  it('is over when another version has been watched in its place', async () => {
    const world = await degraded();
    const [waiting] = await world.pipeline.listRuns({ ended: false });

    await world.decide(waiting?.id ?? '', grace);
    expect(published(world)).toEqual(['RegressionDetected']);
    await world.advance(3600);

    expect(published(world)).toEqual(['RegressionDetected', 'RegressionReplaced']);
    expect(await world.pipeline.getAlert('spam-metric-1')).toMatchObject({
      status: 'replaced',
      ended: {
        replacedBy: 2,
        actions: [{ kind: 'deployment', version: 2, from: 1, how: 'approved', by: grace }],
      },
    });
  });

  it('is not raised within the threshold of the model', async () => {
    const world = createFlowWorld(aConfig({ alerts: { maxMetricDrop: 0.2 } }));
    await world.deployed('first');
    world.quality.production = 0.8;
    world.quality.firstRow = 1000;

    await world.retrain('drifted');

    expect(published(world)).toEqual([]);
  });
});

describe('watchEndpoints', () => {
  async function live(): Promise<FlowWorld> {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    return world;
  }
  async function looks(world: FlowWorld, ...counts: [number, number, number?][]): Promise<void> {
    for (const [invocations, serverErrors, p95] of counts) {
      world.endpoints.count('spam', invocations, serverErrors, p95);
      await world.advance(60);
      await watchEndpoints(world);
    }
  }

  it('raises an alert after three bad looks, and ends it after three good ones', async () => {
    const world = await live();

    await looks(world, [100, 20], [200, 40], [300, 40], [400, 60], [500, 80], [600, 100]);
    const [opened] = await world.pipeline.listAlerts({});
    await looks(world, [700, 100], [800, 100], [900, 100]);

    expect(opened).toMatchObject({ id: 'spam-error-rate-1', status: 'open', rollbackTo: 1 });
    expect(published(world)).toEqual([
      'RegressionDetected',
      'RegressionObserved',
      'RegressionObserved',
      'RegressionRecovered',
    ]);
  });

  it('writes nothing while no requests come in', async () => {
    const world = await live();
    await looks(world, [100, 20]);
    const before = await world.alerts.latest('spam', 'error_rate');

    await looks(world, [100, 20], [119, 39]);

    expect(await world.alerts.latest('spam', 'error_rate')).toEqual(before);
  });

  it('raises an alert on slow answers', async () => {
    const world = await live();

    await looks(world, [100, 0, 2500], [200, 0, 2600], [300, 0, 2700]);

    expect(await world.pipeline.listAlerts({})).toMatchObject([
      { kind: 'latency', worst: { value: 2700 } },
    ]);
  });

  it('names the version that went live before the first bad look', async () => {
    const world = await live();

    await looks(world, [100, 0, 2500], [200, 0, 2600], [300, 0, 2700]);

    const [alert] = await world.pipeline.listAlerts({});
    const [change] = alert?.opened?.changes ?? [];
    expect(change).toMatchObject({ change: { kind: 'deployment', version: 2, from: 1 } });
    const verified = (await world.pipeline.listRuns({}))[0]?.deployment?.verifiedAt ?? '';
    const since = Date.parse(alert?.opened?.since ?? '');
    expect(change?.seconds).toBe((since - Date.parse(verified)) / 1000);
  });

  it('loses neither its look nor the change of a faster writer', async () => {
    const world = await live();
    await looks(world, [100, 20], [200, 40]);
    world.endpoints.count('spam', 300, 60);
    await world.advance(60);
    const until = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    const mute = { model: 'spam', kind: 'error_rate', by: ada, until, reason: null } as const;
    world.alerts.beforeNextWrite(() => world.pipeline.mute(mute));

    await watchEndpoints(world);

    expect(await world.pipeline.getAlert('spam-error-rate-1')).toMatchObject({
      status: 'open',
      mute: { until },
    });
  });

  it('opens one alert when two look at once', async () => {
    const world = await live();
    await looks(world, [100, 20], [200, 40]);
    world.endpoints.count('spam', 300, 60);
    await world.advance(60);
    world.alerts.beforeNextWrite(async () => void (await watchEndpoints(world)));

    await watchEndpoints(world);

    expect(published(world)).toEqual(['RegressionDetected']);
  });

  it('returns when the next mute ends, and ends it then', async () => {
    const world = await live();
    const in1h = new Date(world.clock.now().getTime() + 3_600_000).toISOString();
    await world.pipeline.mute({ model: 'spam', by: ada, until: in1h, reason: 'load test' });

    expect(await watchEndpoints(world)).toEqual({ nextMuteEnd: in1h });
    await world.advance(3600);
    expect(await watchEndpoints(world)).toEqual({ nextMuteEnd: null });
    expect(published(world)).toEqual([
      ...alertKinds.map(() => 'AlertsMuted'),
      ...alertKinds.map(() => 'AlertsUnmuted'),
    ]);
  });
});

describe('acknowledge', () => {
  it('counts once and knows unknown alerts', async () => {
    const world = await degraded();

    await world.pipeline.acknowledge({ alertId: 'spam-metric-1', by: ada });
    const again = await world.pipeline.acknowledge({ alertId: 'spam-metric-1', by: grace });

    expect(again.acknowledged?.by).toEqual(ada);
    expect(published(world)).toEqual(['RegressionDetected', 'RegressionAcknowledged']);
    await expect(
      world.pipeline.acknowledge({ alertId: 'spam-metric-7', by: ada }),
    ).rejects.toMatchObject({ code: 'ALERT_UNKNOWN' });
  });
});

describe('an answer to “Was this alert right?”', () => {
  const about = { alertId: 'spam-metric-1' };

  it('counts once a person, and the last one counts', async () => {
    const world = await degraded();
    await world.pipeline.acknowledge({ ...about, by: ada });

    await world.pipeline.rateAlert({ ...about, by: ada, isRight: true });
    await world.pipeline.rateAlert({ ...about, by: grace, isRight: true });
    const { alert } = await world.pipeline.rateAlert({ ...about, by: ada, isRight: false });
    const again = await world.pipeline.rateAlert({ ...about, by: ada, isRight: false });

    expect(alert.votes?.map(({ by, isRight }) => [by.name, isRight])).toEqual([
      ['Grace', true],
      ['Ada', false],
    ]);
    expect(again.alert.revision).toBe(alert.revision);
  });

  it('loses nothing to a faster writer', async () => {
    const world = await degraded();
    await world.pipeline.acknowledge({ ...about, by: ada });
    world.alerts.beforeNextWrite(
      async () => void (await world.pipeline.rateAlert({ ...about, by: grace, isRight: true })),
    );

    await world.pipeline.rateAlert({ ...about, by: ada, isRight: true });

    expect((await world.pipeline.getAlert('spam-metric-1'))?.votes).toHaveLength(2);
  });

  it('is taken after the end, though another alert has opened since, and changes nothing else', async () => {
    const world = await degraded();
    for (const quality of [0.95, 0.85]) {
      world.quality.production = quality;
      await world.advance(60);
      await world.retrain(`at-${quality}`);
    }
    const before = await world.pipeline.getAlert('spam-metric-1');

    const { status, alert } = await world.pipeline.rateAlert({ ...about, by: ada, isRight: true });

    expect(status).toBe('counted');
    expect(alert).toMatchObject({
      status: 'recovered',
      ended: before?.ended,
      worst: before?.worst,
    });
    expect(await world.alerts.latest('spam', 'metric')).toMatchObject({
      number: 2,
      status: 'open',
    });
  });

  it('waits until someone takes care of the alert, and knows unknown ones', async () => {
    const world = await degraded();

    expect(await world.pipeline.rateAlert({ ...about, by: ada, isRight: true })).toMatchObject({
      status: 'too_early',
    });
    expect((await world.pipeline.getAlert('spam-metric-1'))?.votes).toBeUndefined();
    await expect(
      world.pipeline.rateAlert({ alertId: 'spam-metric-7', by: ada, isRight: true }),
    ).rejects.toMatchObject({ code: 'ALERT_UNKNOWN' });
  });
});

describe('a rollback', () => {
  it('shows at its end that the version which is live again regresses, by its newest score', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    // The second was deployed because the first had become bad on fresh rows.
    world.quality.production = 0.88;
    world.quality.firstRow = 1000;
    await world.deployed('second');
    expect(await world.pipeline.listAlerts({ model: 'spam', open: true })).toEqual([]);

    await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version: null,
      requestedBy: ada,
      reason: null,
    });
    await world.settle();
    await world.advance(3600);

    expect(await world.pipeline.listAlerts({ model: 'spam', open: true })).toMatchObject([
      {
        kind: 'metric',
        status: 'open',
        opened: { by: { version: 1, value: expect.closeTo(0.88, 6) } },
      },
    ]);
  });
});
