import { describe, expect, it } from 'vitest';
import { keys } from '../../pipeline/core/names.ts';
import { takeLook } from '../../pipeline/flow/gate-ledger.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { evaluationOutputs } from './job-outputs.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const auto = { mode: 'auto' } as const;
const ids = ['a', 'b', 'c'];

async function promoted(world: FlowWorld, version: number): Promise<string> {
  const { run } = await world.pipeline.startRun({
    kind: 'promote',
    requestId: `promote-${version}`,
    model: 'spam',
    requestedBy: ada,
    reason: null,
    version,
  });
  await world.settle();
  return run.id;
}

describe('looks at held-out rows', () => {
  it('are counted once per run, however often the step is repeated', async () => {
    const world = createFlowWorld();
    const look = (runId: string) => takeLook(world, { model: 'spam', runId, ids });

    expect(await look('spam-aaaaaaaa')).toBe(1);
    expect(await look('spam-bbbbbbbb')).toBe(2);
    expect(await look('spam-aaaaaaaa')).toBe(1);
    expect(await look('spam-cccccccc')).toBe(3);
  });

  it('are counted once each when two runs look at once', async () => {
    const world = createFlowWorld();

    const numbers = await Promise.all(
      ['spam-aaaaaaaa', 'spam-bbbbbbbb'].map((runId) =>
        takeLook(world, { model: 'spam', runId, ids }),
      ),
    );

    expect(numbers.sort()).toEqual([1, 2]);
  });

  it('start again with fresh rows', async () => {
    const world = createFlowWorld();
    await takeLook(world, { model: 'spam', runId: 'spam-aaaaaaaa', ids });

    const fresh = ['d', 'e', 'f'];
    expect(await takeLook(world, { model: 'spam', runId: 'spam-bbbbbbbb', ids: fresh })).toBe(1);
  });

  it('make the proof stricter from one retrain to the next', async () => {
    const world = createFlowWorld();
    await world.deployed('first');

    const second = await world.run(await world.deployed('second'));

    expect(second.verdict?.look).toMatchObject({ number: 2 });
    expect(second.verdict?.outcome).toBe('pass');
  });
});

describe('the anchor', () => {
  it('is the first version, and stays it while later ones are only as good', async () => {
    const world = createFlowWorld();
    for (const request of ['first', 'second', 'third']) await world.deployed(request);

    expect((await world.ledgers.get('spam'))?.anchor).toMatchObject({ version: 1, by: 'first' });
    expect(world.jobs.specs.at(-1)?.channels).toHaveProperty('anchor');
  });

  it('moves by itself to a version proven better', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.candidate = 0.99;
    await world.deployed('better');

    expect((await world.ledgers.get('spam'))?.anchor).toMatchObject({ version: 2, by: 'proven' });
  });

  it('stops a candidate that lost a little with each version, under "auto"', async () => {
    const world = createFlowWorld(aConfig({ approval: auto }));
    await world.deployed('first');
    await world.deployed('second');
    Object.assign(world.quality, { candidate: 0.93, production: 0.932, anchor: 0.95 });

    const run = await world.run(await world.retrain('third'));

    expect(run.outcome).toBe('blocked');
    expect(run.verdict?.checks.find(({ name }) => name === 'anchor')?.outcome).toBe('inconclusive');
  });

  it('moves to a lesser version when people approve it, and notes who', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    await world.deployed('second');
    Object.assign(world.quality, { candidate: 0.93, production: 0.932, anchor: 0.95 });

    await world.deployed('third');

    expect((await world.ledgers.get('spam'))?.anchor).toMatchObject({ version: 3, by: grace });
  });
});

describe('a baseline', () => {
  it('is fitted on the training rows of the run, and compared on its held-out rows', async () => {
    const world = createFlowWorld();
    Object.assign(world.quality, { candidate: 0.9, baseline: 0.95 });

    const run = await world.run(await world.retrain('first'));

    const spec = world.jobs.specs.find(({ kind }) => kind === 'evaluate');
    expect(spec?.channels.train).toBe(`${keys.prepared(run.id)}train.jsonl`);
    expect(spec?.hyperparameters).toEqual({ baseline: 'tfidf' });
    expect(run.evaluation?.baseline?.fitted?.metrics.macro_f1).toBe(0.95);
    expect(run.verdict?.baseline?.estimate).toBeCloseTo(-0.05);
    expect(run.verdict?.outcome).toBe('pass');
  });
});

describe('a candidate that cannot be compared', () => {
  const renamed = aPrepareReport({ labels: { HAM: 60, SPAM: 40 } });

  it('is never deployed by "auto"', async () => {
    const world = createFlowWorld(aConfig({ approval: auto }));
    await world.deployed('first');
    world.preparer.answer(renamed);

    const run = await world.run(await world.retrain('renamed'));

    expect(run.verdict?.outcome).toBe('not_comparable');
    expect(run.outcome).toBe('blocked');
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('is deployed by people who say why', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.preparer.answer(renamed);
    const id = await world.retrain('renamed');

    expect(await world.decide(id, grace)).toMatchObject({
      status: 'refused',
      refusal: { kind: 'reason_missing' },
    });
    await world.decide(id, grace, 'approved', 'Labels are upper case from now on.');
    await world.advance(3600);

    const run = await world.run(id);
    expect(run.outcome).toBe('deployed');
    expect(run.approval?.decisions[0]?.reason).toBe('Labels are upper case from now on.');
  });

  it('is one whose production could not answer, which ends no evaluation', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.jobs.plan((spec) => {
      if (spec.kind === 'train') return world.complete(spec);
      const outputs = evaluationOutputs({ candidate: 0.95, production: null });
      const evaluation = JSON.parse(outputs['evaluation.json'] ?? '');
      const unanswered = { production: 'the request has unknown features' };
      outputs['evaluation.json'] = JSON.stringify({ ...evaluation, unanswered });
      return { status: 'Completed', outputs, runningSeconds: 5 };
    });

    const run = await world.run(await world.retrain('new column'));

    expect(run.verdict).toMatchObject({ outcome: 'not_comparable' });
    expect(run.approval).toMatchObject({ reasonRequired: true, outcome: null });
  });
});

describe('held-out rows that production was trained on', () => {
  const ids = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => String(from + index));

  /** Production is right on 30 rows more than the candidate, all of which it was trained on. */
  async function leaking() {
    const world = createFlowWorld();
    await world.deployed('first');
    Object.assign(world.quality, { candidate: 0.96, production: 0.99 });
    return world;
  }

  it('are looked for among what that version was trained on', async () => {
    const world = await leaking();

    const id = await world.retrain('reformatted');

    const version = await world.registry.get('spam', 1);
    expect(world.preparer.requests[0]?.earlier).toEqual([]);
    expect(world.preparer.requests.at(-1)?.earlier).toEqual([
      { version: 1, prefix: keys.prepared(version?.runId ?? '') },
    ]);
    const run = await world.run(id);
    expect(run.verdict?.outcome).toBe('fail');
    expect(run.verdict?.checks[0]?.reason).toContain('It is not known which of the held-out rows');
  });

  it('are left out by the gate, and in a replay', async () => {
    const world = await leaking();
    world.preparer.answer(aPrepareReport(), { 1: [...ids(0, 270), ...ids(960, 990)] });

    const run = await world.run(await world.retrain('reformatted'));

    expect(run.verdict?.outcome).not.toBe('fail');
    expect(run.verdict?.leftOut).toEqual({ seen: 300, compared: 700 });
    const { replayed } = await world.pipeline.replayGate({ runId: run.id, settings: {} });
    expect(replayed).toEqual(run.verdict);
  });

  it('are people’s when too few are left', async () => {
    const world = await leaking();
    world.preparer.answer(aPrepareReport(), { 1: ids(20, 1000) });

    const run = await world.run(await world.retrain('shuffled'));

    expect(run.verdict?.outcome).toBe('not_comparable');
    expect(run.approval).toMatchObject({ reasonRequired: true, outcome: null });
  });

  it('are left out of a promotion that is judged on the same rows', async () => {
    const world = await leaking();
    world.preparer.answer(aPrepareReport(), { 1: [...ids(0, 270), ...ids(960, 990)] });
    const retrained = await world.retrain('reformatted');
    await world.decide(retrained, grace, 'rejected', 'Not now.');

    const run = await world.run(await promoted(world, 2));

    expect(run.verdict?.leftOut).toEqual({ seen: 300, compared: 700 });
  });
});

describe('a promotion', () => {
  it('is compared with production on the rows both have answered', async () => {
    const world = createFlowWorld(aConfig({ approval: auto }));
    await world.deployed('first');
    await world.deployed('second');

    const run = await world.run(await promoted(world, 1));

    expect(run.verdict).toMatchObject({ outcome: 'pass', difference: { estimate: 0 } });
    expect(run.verdict?.look?.number).toBe(3);
  });

  it('is compared on the rows of the run that judged one against the other', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    Object.assign(world.quality, { candidate: 0.97, production: 0.9 });
    await world.deployed('second');

    const back = await world.run(await promoted(world, 1));

    expect(back.verdict?.difference?.estimate).toBeCloseTo(0.9 - 0.97, 2);
  });

  it('is compared on them too when the newer version comes back after a rollback', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    Object.assign(world.quality, { candidate: 0.97, production: 0.9 });
    await world.deployed('second');
    await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      requestedBy: grace,
      reason: null,
      version: null,
    });
    await world.advance(3600);

    const again = await world.run(await promoted(world, 2));

    expect(again.verdict?.difference?.estimate).toBeCloseTo(0.97 - 0.9, 2);
  });

  it('of a worse version is blocked under "auto"', async () => {
    const world = createFlowWorld(aConfig({ approval: auto }));
    world.quality.candidate = 0.85;
    await world.deployed('first');
    Object.assign(world.quality, { candidate: 0.97, production: 0.85 });
    await world.deployed('second');

    const run = await world.run(await promoted(world, 1));

    expect(run.verdict?.outcome).toBe('fail');
    expect(run.outcome).toBe('blocked');
    expect(world.endpoints.deployed).toHaveLength(2);
  });

  it('of a worse version needs a reason where people approve', async () => {
    const world = createFlowWorld();
    world.quality.candidate = 0.85;
    await world.deployed('first');
    Object.assign(world.quality, { candidate: 0.97, production: 0.85 });
    await world.deployed('second');
    const id = await promoted(world, 1);

    expect(await world.decide(id, grace)).toMatchObject({ status: 'refused' });
    expect(await world.decide(id, grace, 'approved', 'v2 is too slow')).toMatchObject({
      status: 'counted',
    });
  });

  it('is not comparable when the answers of one are no longer stored', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const second = await world.deployed('second');
    await world.artifacts.put(keys.evaluation(second, 'predictions.csv'), HEADER);

    const run = await world.run(await promoted(world, 1));

    expect(run.verdict?.outcome).toBe('not_comparable');
  });
});

const HEADER =
  'id,label,candidate,candidate_score,production,production_score\nother,ham,ham,0.9,,\n';

describe('an advisory gate', () => {
  it('shows a failure and lets people approve with a reason', async () => {
    const world = createFlowWorld(aConfig({ gate: { minimum: 0.8, mode: 'advisory' } }));
    await world.deployed('first');
    world.quality.candidate = 0.85;
    const id = await world.retrain('worse');

    expect((await world.run(id)).verdict).toMatchObject({ outcome: 'fail', isAdvisory: true });
    expect(await world.decide(id, grace)).toMatchObject({ status: 'refused' });
    await world.decide(id, grace, 'approved', 'known and accepted');
    await world.advance(3600);

    expect((await world.run(id)).outcome).toBe('deployed');
  });

  it('is refused with automatic approval, which would deploy anything', () => {
    expect(() => aConfig({ gate: { minimum: 0.8, mode: 'advisory' }, approval: auto })).toThrow(
      'advisory',
    );
  });
});

describe('the power of the gate', () => {
  it('is said before training, from the comparison before', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.candidate = 0.952;
    const second = await world.run(await world.deployed('second'));

    const third = await world.run(await world.retrain('third'));

    expect(second.power).toMatchObject({ basis: 'assumed', loss: 0.02 });
    expect(third.power).toMatchObject({ basis: 'measured' });
  });

  it('is not taken from a candidate that was provably worse, which differs on more rows', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.quality.candidate = 0.6;
    await world.retrain('far worse');

    const next = await world.run(await world.retrain('next'));

    expect(next.power).toMatchObject({ basis: 'assumed' });
  });

  it('follows from what production gets wrong, before there is a comparison', async () => {
    const passesEqual = async (candidate: number) => {
      const world = createFlowWorld();
      const rows = { train: 3500, validation: 500, test: 1000 };
      world.preparer.answer(aPrepareReport({ split: rows }));
      world.quality.candidate = candidate;
      await world.deployed('first');
      return (await world.run(await world.retrain('second'))).power?.passesEqual ?? 0;
    };

    expect(await passesEqual(0.99)).toBeGreaterThan((await passesEqual(0.85)) + 0.1);
  });
});
