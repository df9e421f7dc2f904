import { describe, expect, it } from 'vitest';
import { keys } from '../../pipeline/core/names.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld } from './world.ts';

/** A candidate that loses 30 of the 950 rows that production gets right. */
async function waiting(world: FlowWorld): Promise<string> {
  await world.deployed('first');
  world.quality.candidate = 0.92;
  return world.retrain('worse');
}

const ofRun = (world: FlowWorld, runId: string, withRows = false) =>
  world.pipeline.evidence({ subject: { runId }, withRows });
const ofVersion = (world: FlowWorld, version: number) =>
  world.pipeline.evidence({ subject: { model: 'spam', version }, withRows: false });

/** The held-out rows as prepare_data.py writes them; a text may name the id of another row. */
async function keepRows(world: FlowWorld, runId: string, from: number): Promise<void> {
  const lines = Array.from({ length: 1000 - from }, (_, i) =>
    JSON.stringify({ id: String(from + i), text: `see "${from + i + 1}"`, label: 'ham' }),
  );
  await world.artifacts.put(keys.heldOutRows(runId), `${lines.join('\n')}\n`);
}

describe('the evidence of a run', () => {
  it('compares the candidate with production on the rows of the gate', async () => {
    const world = createFlowWorld();
    const report = await ofRun(world, await waiting(world));

    expect(report).toMatchObject({
      model: 'spam',
      // The gate blocked it.
      version: null,
      against: 1,
      isProductionNow: true,
      obstacle: null,
      evidence: {
        rows: 1000,
        flips: { won: 0, lost: 30, bothRight: 920, bothWrong: 50 },
        candidate: { accuracy: { estimate: 0.92 }, calibration: { errors: 80, sureErrors: 0 } },
      },
      contents: { status: 'not_asked' },
    });
    expect(report.evidence.chosen).toHaveLength(5);
    expect(report.evidence.chosen[0]).toMatchObject({
      id: '920',
      kind: 'lost',
      candidate: { label: 'spam', score: 0.9 },
      production: { label: 'ham', score: 0.9 },
    });
  });

  it('leaves out the rows that production was trained on, as the gate does', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const seen = Array.from({ length: 300 }, (_, row) => String(row));
    world.preparer.answer(aPrepareReport(), { 1: seen });
    const runId = await world.retrain('second');

    const { evidence, isSeenUnknown } = await ofRun(world, runId);

    expect(evidence).toMatchObject({ rows: 700, leftOut: 300 });
    expect(isSeenUnknown).toBe(false);
    expect((await world.run(runId)).verdict?.leftOut).toEqual({ seen: 300, compared: 700 });
  });

  it('shows the rows themselves only to those for whom they are asked', async () => {
    const world = createFlowWorld();
    const runId = await waiting(world);
    await keepRows(world, runId, 900);

    const { contents, evidence } = await ofRun(world, runId, true);

    expect(contents).toEqual({
      status: 'shown',
      byId: Object.fromEntries(
        evidence.chosen.map(({ id }) => [id, `see "${Number(id) + 1}"`] as const),
      ),
    });
    expect((await ofRun(world, runId)).contents).toEqual({ status: 'not_asked' });
  });

  it('shows the features of a table by name: numbers, categories and what is missing', async () => {
    const world = createFlowWorld();
    const runId = await waiting(world);
    const row = { id: '920', features: { age: 41.5, city: 'Köln', income: null }, label: 'ham' };
    await world.artifacts.put(keys.heldOutRows(runId), JSON.stringify(row));

    expect((await ofRun(world, runId, true)).contents).toEqual({
      status: 'shown',
      byId: { 920: 'age=41.5, city=Köln, income=missing' },
    });
  });

  it('keeps the rows in the artifact store where the policy says so', async () => {
    const world = createFlowWorld(aConfig({ evidence: { showRows: false } }));
    const runId = await waiting(world);
    await keepRows(world, runId, 900);

    expect((await ofRun(world, runId, true)).contents).toEqual({ status: 'policy' });
  });

  it('does without rows that are no longer stored, and without a broken line', async () => {
    const world = createFlowWorld();
    const runId = await waiting(world);

    expect((await ofRun(world, runId, true)).contents).toEqual({ status: 'shown', byId: {} });
    await world.artifacts.put(keys.heldOutRows(runId), '{"id": "920", "te');

    expect((await ofRun(world, runId, true)).contents).toEqual({ status: 'shown', byId: {} });
  });

  it('describes the candidate alone when nothing is in production', async () => {
    const world = createFlowWorld();
    const report = await ofRun(world, await world.retrain('first'));

    expect(report).toMatchObject({
      against: null,
      isProductionNow: false,
      obstacle: null,
      evidence: { production: null, flips: null, rows: 1000 },
    });
  });

  it('says why, when production could not answer', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    const runId = await world.retrain('second');
    const answers = new TextDecoder().decode(
      (await world.artifacts.get(keys.evaluation(runId, 'predictions.csv'))) ?? undefined,
    );
    const unanswered = answers
      .split('\n')
      .map((line, row) => (row === 0 ? line : `${line.split(',').slice(0, 4).join(',')},,`))
      .join('\n');
    await world.artifacts.put(keys.evaluation(runId, 'predictions.csv'), unanswered);

    const report = await ofRun(world, runId);

    expect(report.obstacle).toContain('Production could not answer');
    expect(report.evidence).toMatchObject({ production: null, flips: null, rows: 1000 });
  });

  it('shows what flipped and says that the labels differ', async () => {
    const world = createFlowWorld();
    await world.deployed('first');
    world.preparer.answer(aPrepareReport({ labels: { ham: 70, spam: 20, phishing: 10 } }));
    const runId = await world.retrain('second');

    const { obstacle, evidence } = await ofRun(world, runId);

    expect(obstacle).toContain('not trained on “phishing”');
    expect(evidence.flips).not.toBeNull();
  });

  it('is refused with what to do before the evaluation, and when the answers are gone', async () => {
    const world = createFlowWorld();
    world.preparer.answer(aPrepareReport({ status: 'invalid' }));
    const invalid = await world.retrain('invalid');
    world.preparer.answer(aPrepareReport());
    const gone = await world.deployed('first');
    await world.artifacts.put(keys.evaluation(gone, 'predictions.csv'), 'id,label\n');

    await expect(ofRun(world, invalid)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: `The candidate of ${invalid} has not been evaluated.`,
    });
    await expect(ofRun(world, gone)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
      message: `The answers of ${gone} are no longer stored.`,
    });
    await expect(ofRun(world, 'spam-zzzzzzzz')).rejects.toMatchObject({ code: 'RUN_UNKNOWN' });
  });

  it('changes nothing: no record, no look, no event, no audit entry', async () => {
    const world = createFlowWorld();
    const runId = await waiting(world);
    const before = [await world.run(runId), await world.ledgers.get('spam')];
    const events = world.bus.events.length;

    await ofRun(world, runId, true);

    expect([await world.run(runId), await world.ledgers.get('spam')]).toEqual(before);
    expect(world.bus.events).toHaveLength(events);
  });
});

/** A second version so much better that the first answers no later rows, not even as the best so far. */
async function improved(): Promise<FlowWorld> {
  const world = createFlowWorld();
  Object.assign(world.quality, { candidate: 0.88, production: 0.88 });
  await world.deployed('first');
  world.quality.candidate = 0.97;
  await world.deployed('second');
  Object.assign(world.quality, { candidate: 0.97, production: 0.97 });
  return world;
}

describe('the evidence of a version', () => {
  it('compares it with what is in production today', async () => {
    const world = createFlowWorld(aConfig({ approval: { mode: 'auto' } }));
    await world.deployed('first');
    await world.deployed('second');

    expect(await ofVersion(world, 1)).toMatchObject({
      version: 1,
      against: 2,
      isProductionNow: true,
      evidence: { rows: 1000, flips: { won: 0, lost: 0 } },
    });
    // What is in production is compared with what it replaced.
    expect(await ofVersion(world, 2)).toMatchObject({ against: 1, isProductionNow: false });
    await expect(ofVersion(world, 9)).rejects.toMatchObject({ code: 'VERSION_UNKNOWN' });
  });

  it('compares a promotion on the rows that the two versions share', async () => {
    const world = await improved();
    world.quality.firstRow = 400;
    await world.deployed('third');
    const { run } = await world.pipeline.startRun({
      kind: 'promote',
      requestId: 'back',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      version: 1,
    });
    await world.settle();

    const report = await ofRun(world, run.id);

    expect(report).toMatchObject({ runId: run.id, version: 1, against: 3 });
    // Rows 400 to 999 are in both held-out sets.
    expect(report.evidence.rows).toBe(600);
    expect(report.evidence.candidate.calibration).not.toBeNull();
  });

  it('describes it alone, and says so, when no answers to the same rows are stored', async () => {
    const world = await improved();
    world.quality.firstRow = 5000;
    await world.deployed('third');

    const report = await ofVersion(world, 1);

    expect(report.obstacle).toBe('v1 and v3 have no answers to the same held-out rows stored.');
    expect(report).toMatchObject({ against: 3, evidence: { production: null, rows: 1000 } });
  });
});
