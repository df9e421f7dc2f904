import { describe, expect, it } from 'vitest';
import { keys } from '../../pipeline/core/names.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import { aReportOf } from '../fakes/data-rows.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const auto = { mode: 'auto' } as const;
const first = aReportOf({ ham: [0, 600], spam: [600, 1000] });
const renamed = aReportOf({ HAM: [0, 600], SPAM: [600, 1000] });
const swapped = aReportOf({ spam: [0, 600], ham: [600, 1000] });
const delta = aReportOf({ ham: [5000, 5180], spam: [5180, 5300] });

/** A model whose version 1 was trained on `first` and is live. */
async function live(
  config: Parameters<typeof aConfig>[0] = {},
  report: PrepareReport = first,
): Promise<FlowWorld> {
  const world = createFlowWorld(aConfig(config));
  world.preparer.answer(report);
  await world.deployed('first');
  return world;
}

async function retrained(world: FlowWorld, report: PrepareReport, acceptsData = false) {
  world.preparer.answer(report);
  const before = world.jobs.specs.length;
  const { run } = await world.pipeline.startRun({
    kind: 'retrain',
    requestId: `second ${acceptsData}`,
    model: 'spam',
    requestedBy: ada,
    reason: null,
    dataset: {
      key: 'datasets/spam/second/mails.csv',
      fileName: 'mails.csv',
      version: 'second',
      bytes: 2048,
    },
    hyperparameters: {},
    ...(acceptsData ? { acceptsData: true } : {}),
  });
  await world.settle();
  return { run: await world.run(run.id), jobs: world.jobs.specs.length - before };
}

describe('data like that of production', () => {
  it('is trained on without a word', async () => {
    const { run } = await retrained(await live(), first);

    expect(run.dataChanges).toBeUndefined();
    expect(run.approval?.reasonRequired).toBeUndefined();
  });

  it('is not compared when the version in production kept no profile', async () => {
    const { run } = await retrained(await live({}, aPrepareReport()), swapped);

    expect(run.dataChanges).toBeUndefined();
  });

  it('keeps its profile beside the record, which has no room for it', async () => {
    const world = await live();
    const { run } = await retrained(world, first);

    expect(run.prepared).not.toHaveProperty('profile');
    expect(await world.artifacts.get(keys.dataProfile(run.id))).not.toBeNull();
  });
});

describe('renamed labels', () => {
  it('end the run before training under "auto"', async () => {
    const world = await live({ approval: auto });

    const { run, jobs } = await retrained(world, renamed);

    expect(jobs).toBe(0);
    expect(run).toMatchObject({ outcome: 'blocked', failure: { code: 'DATASET_CHANGED' } });
    expect(run.failure?.message).toContain('Labels “ham”, “spam” became “HAM”, “SPAM”');
    expect(run.failure?.hint).toContain('set approval.mode to people');
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('never go live under "auto", even when a person asks for the training', async () => {
    const world = await live({ approval: auto });

    const { run } = await retrained(world, renamed, true);

    expect(run).toMatchObject({ outcome: 'blocked', verdict: { outcome: 'not_comparable' } });
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('are approved by people with a reason', async () => {
    const { run } = await retrained(await live(), renamed);

    expect(run.dataChanges).toMatchObject({ against: 1, action: 'ask' });
    expect(run.approval).toMatchObject({ reasonRequired: true, outcome: null });
  });
});

describe('labels that were swapped', () => {
  const better = { candidate: 0.95, production: 0.05 };

  it('do not deploy under "auto" although the gate would pass', async () => {
    const world = await live({ approval: auto });
    Object.assign(world.quality, better);

    const { run } = await retrained(world, swapped);

    expect(run.outcome).toBe('blocked');
    expect(run.failure?.message).toContain('600 rows moved from “ham” to “spam”');
    expect(world.endpoints.deployed).toHaveLength(1);
  });

  it('need a reason from people although the gate passes, and open no alert', async () => {
    const world = await live();
    Object.assign(world.quality, better);

    const { run } = await retrained(world, swapped);

    expect(run.verdict?.outcome).toBe('pass');
    expect(await world.decide(run.id, grace)).toMatchObject({
      status: 'refused',
      refusal: { kind: 'reason_missing' },
    });
    expect(await world.alerts.list({})).toEqual([]);
  });

  it('need a reason too when the version is promoted later', async () => {
    const world = await live();
    Object.assign(world.quality, better);
    const { run } = await retrained(world, swapped);
    await world.decide(run.id, grace, 'rejected');

    const promotion = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'again',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      version: 2,
    });
    await world.settle();

    expect((await world.run(promotion.run.id)).approval).toMatchObject({ reasonRequired: true });
  });

  it('deploy when the policy says to go on', async () => {
    const world = await live({ approval: auto, data: { onLabelChange: 'continue' } });
    Object.assign(world.quality, better);

    const { run } = await retrained(world, swapped);
    await world.advance(3600);

    expect(run.dataChanges?.action).toBe('continue');
    expect(world.endpoints.deployed).toHaveLength(2);
  });
});

describe('a dataset that shrank by more than half', () => {
  it('ends the run before training, with the numbers', async () => {
    const { run, jobs } = await retrained(await live(), delta);

    expect(jobs).toBe(0);
    expect(run.outcome).toBe('blocked');
    expect(run.failure?.message).toContain('shrank from 1,000 to 300 rows (−70 %)');
    expect(run.stages.find(({ name }) => name === 'prepare')?.status).toBe('failed');
  });

  it('is trained on when a person asks for it, and people approve with a reason', async () => {
    const { run, jobs } = await retrained(await live(), delta, true);

    expect(jobs).toBe(2);
    expect(run.approval).toMatchObject({ reasonRequired: true, outcome: null });
  });

  it('is not what a later retrain without a dataset takes', async () => {
    const world = await live();
    await retrained(world, delta);

    const { run } = await world.pipeline.startRun({
      kind: 'retrain',
      requestId: 'plain',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      dataset: null,
      hyperparameters: {},
    });

    expect(run.dataset?.version).toBe('first');
  });
});
