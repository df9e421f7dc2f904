import { describe, expect, it } from 'vitest';
import type { Actor } from '../../pipeline/core/run.ts';
import { createPipeline } from '../../pipeline/flow/create-pipeline.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace, linus } from './world.ts';

const hour = 3600;
let asked = 0;

async function promote(world: FlowWorld, version: number, requestedBy: Actor = ada) {
  const started = await world.pipeline.startRun({
    kind: 'promote',
    requestId: `promote ${++asked}`,
    model: 'spam',
    version,
    requestedBy,
    reason: null,
  });
  await world.settle();
  return { ...started, run: await world.run(started.run.id) };
}

/** v1, replaced by v2. */
async function twoVersions(config = aConfig()): Promise<FlowWorld> {
  const world = createFlowWorld(config);
  await world.deployed('first');
  await world.deployed('second');
  return world;
}

describe('a second request for the same version', () => {
  it('joins the first, whoever asks', async () => {
    const world = await twoVersions();

    const first = await promote(world, 1);
    const second = await promote(world, 1, grace);

    expect(second).toMatchObject({ isNew: false, run: { id: first.run.id } });
  });

  it('joins the retrain that made the version and waits', async () => {
    const world = createFlowWorld();
    const retrain = await world.retrain('first');

    expect(await promote(world, 1)).toMatchObject({ isNew: false, run: { id: retrain } });
  });

  it('is one of its own after the first was decided', async () => {
    const world = await twoVersions();
    const first = await promote(world, 1);
    await world.decide(first.run.id, grace, 'rejected');

    expect(await promote(world, 1)).toMatchObject({
      isNew: true,
      run: { approval: { outcome: null } },
    });
  });

  it('does not join one that was rejected a moment ago', async () => {
    const world = await twoVersions();
    const first = await promote(world, 1);
    const request = { kind: 'promote' as const, model: 'spam', version: 1, reason: null };
    const { approval } = first.run;

    await world.pipeline.decide({
      runId: first.run.id,
      digest: approval?.digest ?? '',
      by: grace,
      memberOf: ['U0GRACE'],
      outcome: 'rejected',
      reason: 'not today',
    });
    const again = await world.pipeline.startRun({
      ...request,
      requestId: 'again',
      requestedBy: ada,
    });

    expect(again.run.id).not.toBe(first.run.id);
  });

  it('gives way when both were made at the same instant', async () => {
    const world = await twoVersions();
    const request = (requestId: string, requestedBy: Actor) => ({
      kind: 'promote' as const,
      requestId,
      model: 'spam',
      version: 1,
      requestedBy,
      reason: null,
    });

    const both = await Promise.all([
      world.pipeline.startRun(request('one', ada)),
      world.pipeline.startRun(request('other', grace)),
    ]);
    await world.settle();

    const runs = await Promise.all(both.map(({ run }) => world.run(run.id)));
    const waiting = new Set(runs.filter(({ outcome }) => outcome === null).map(({ id }) => id));
    expect(waiting.size).toBe(1);
  });
});

describe('a request that no one could approve', () => {
  const onlyGrace = { mode: 'people' as const, approvers: ['U0GRACE'] };

  it.each([
    ['its only approver asks', onlyGrace, grace, /^Grace is the only approver of spam/],
    [
      'too few approvers are left',
      { ...onlyGrace, approvers: ['U0GRACE', 'U0LINUS'], quorum: 2 },
      linus,
      /^spam needs 2 approvals, and only one person can give one\.$/,
    ],
  ])('is refused at the start when %s', async (_, approval, requestedBy, expected) => {
    const world = await twoVersions();

    const refused = createPipeline({ ...world, config: aConfig({ approval }) }).startRun({
      kind: 'promote',
      requestId: 'refused',
      model: 'spam',
      version: 1,
      requestedBy,
      reason: null,
    });

    await expect(refused).rejects.toMatchObject({
      code: 'APPROVAL_MISSING',
      message: expect.stringMatching(expected),
      hint: expect.stringContaining('models.spam.approval in mlops.config.ts'),
    });
  });

  it('is started when a user group may approve, whose members only Slack knows', async () => {
    const approval = { mode: 'people' as const, approvers: ['U0GRACE', 'S0LEADS'] };
    const world = await twoVersions(aConfig({ approval }));

    expect(await promote(world, 1, grace)).toMatchObject({ isNew: true });
  });
});

describe('a request that waits while production changes', () => {
  it('cannot be approved any more, and ends once the new version has proven itself', async () => {
    const world = await twoVersions();
    const { run } = await promote(world, 1);
    const third = await world.retrain('third');
    await world.decide(third, grace);
    const late = await world.decide(run.id, grace);

    expect(late).toMatchObject({ status: 'refused', refusal: { kind: 'out_of_date', live: 3 } });
    expect((await world.run(run.id)).approval?.outdated).toMatchObject({
      live: 3,
      isProven: false,
    });
    await world.advance(hour);

    expect(await world.run(run.id)).toMatchObject({
      outcome: 'superseded',
      failure: { code: 'PRODUCTION_CHANGED' },
    });
    expect(world.endpoints.deployed.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('can be approved again when the new version is put back in its bake window', async () => {
    const world = await twoVersions();
    const { run } = await promote(world, 1);
    await world.decide(await world.retrain('third'), grace);
    world.endpoints.answer((body) =>
      JSON.stringify([{ label: `not ${JSON.parse(body).inputs}`, score: 0.9 }]),
    );
    await world.advance(hour);
    world.endpoints.answer((body) =>
      JSON.stringify([{ label: JSON.parse(body).inputs, score: 0.9 }]),
    );

    expect((await world.run(run.id)).approval?.outdated ?? null).toBeNull();
    expect(await world.decide(run.id, grace)).toMatchObject({ status: 'counted' });
    await world.advance(hour);
    expect((await world.run(run.id)).outcome).toBe('deployed');
  });

  it('is out of date from the start when production changed before it asked', async () => {
    const world = await twoVersions();
    world.jobs.plan((spec) => (spec.kind === 'evaluate' ? 'running' : world.complete(spec)));
    const slow = await world.retrain('slow');
    await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      version: null,
      requestedBy: grace,
      reason: null,
    });
    await world.settle();
    await world.advance(hour);
    const spec = world.jobs.specs.findLast(({ kind }) => kind === 'evaluate');
    if (spec === undefined) throw new Error('There is no evaluation.');

    world.jobs.end(spec.name, world.complete(spec));
    await world.settle();

    expect(await world.run(slow)).toMatchObject({ evaluatedAgainst: 2, outcome: 'superseded' });
  });
});
