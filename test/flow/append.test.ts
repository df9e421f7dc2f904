import { describe, expect, it } from 'vitest';
import { sameAgain } from '../../bot/features/retry/next-attempt.ts';
import { MOST_FILES } from '../../pipeline/core/appending.ts';
import type { PrepareReport } from '../../pipeline/core/python-contract.ts';
import type { Dataset, Run } from '../../pipeline/core/run.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { aReportOf } from '../fakes/data-rows.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { aConfig, ada, createFlowWorld, type FlowWorld, grace } from './world.ts';

const inbox = { kind: 'system', name: 'inbox' } as const;

/** A dropped file whose version is its letter, twelve times. */
function file(letter: string): Dataset {
  const version = letter.repeat(12);
  const fileName = `${letter}.csv`;
  return { key: `datasets/spam/${version}/${fileName}`, fileName, version, bytes: 100 };
}

const rows = { read: 100, kept: 100 };
const sourcesOf = (letters: string): NonNullable<PrepareReport['sources']> =>
  [...letters].map((letter) => ({
    name: `${letter}.csv`,
    bytes: 100,
    sha256: letter.repeat(64),
    rows,
  }));

/** What prepare answers for a dataset of these files. */
const readAll = (letters: string, overrides: Partial<PrepareReport> = {}) =>
  aPrepareReport({ ...(letters.length > 1 ? { sources: sourcesOf(letters) } : {}), ...overrides });

async function drop(
  world: FlowWorld,
  letter: string,
  {
    expecting = letter,
    as,
  }: { expecting?: string | PrepareReport; as?: 'append' | 'replace' } = {},
): Promise<Run> {
  world.preparer.answer(typeof expecting === 'string' ? readAll(expecting) : expecting);
  const { run } = await startFromDataset(world, {
    dataset: file(letter),
    model: 'spam',
    requestedBy: inbox,
    ...(as === undefined ? {} : { newFile: as }),
  });
  await world.settle();
  return world.run(run.id);
}

const filesOf = ({ dataset }: Run) => dataset?.files?.map(({ fileName }) => fileName).join(' ');

async function approve(world: FlowWorld, { id }: Run): Promise<void> {
  expect(await world.decide(id, grace)).toMatchObject({ status: 'counted' });
  await world.advance(3600);
}

/** `a` is live as version 1. */
async function liveOnA(config: Parameters<typeof aConfig>[0] = {}): Promise<FlowWorld> {
  const world = createFlowWorld(aConfig(config));
  await approve(world, await drop(world, 'a'));
  return world;
}

describe('a file that is appended', () => {
  it('is trained on together with the data of production, and the record lists the files', async () => {
    const world = await liveOnA();

    const run = await drop(world, 'b', { as: 'append', expecting: 'ab' });

    expect(world.preparer.requests.at(-1)).toMatchObject({
      inputKey: file('b').key,
      appendTo: [{ inputKey: file('a').key, fileName: 'a.csv' }],
    });
    expect(run.dataset).toMatchObject({ key: file('b').key, fileName: 'b.csv' });
    expect(run.dataset?.files).toEqual([file('a'), file('b')]);
    expect(run.dataset?.version).not.toBe(file('b').version);
    expect(run.appending).toEqual({ onto: 1, leftOut: [] });
    const version = await world.registry.get('spam', 2);
    expect(version?.datasetVersion).toBe(run.dataset?.version);
  });

  it('is the whole dataset where there is none yet', async () => {
    const world = createFlowWorld(aConfig({ data: { onNewFile: 'append' } }));

    const run = await drop(world, 'a');

    expect(run.dataset).toEqual(file('a'));
    expect(run.appending).toEqual({ onto: null, leftOut: [] });
  });

  it('follows the model, and the drop before the model', async () => {
    const world = await liveOnA({ data: { onNewFile: 'append' } });

    const appended = await drop(world, 'b', { expecting: 'ab' });
    const alone = await drop(world, 'c', { as: 'replace' });

    expect(filesOf(appended)).toBe('a.csv b.csv');
    expect(alone.dataset).toEqual(file('c'));
    expect(alone.appends).toBeUndefined();
  });

  it('starts one run, however often it is announced', async () => {
    const world = await liveOnA();
    const first = await drop(world, 'b', { as: 'append', expecting: 'ab' });

    const again = await drop(world, 'b', { as: 'append', expecting: 'ab' });

    expect(again.id).toBe(first.id);
  });

  it('starts another run than the same file that replaced the data and was stopped', async () => {
    const world = createFlowWorld();
    world.preparer.answer(aReportOf({ ham: [0, 600], spam: [600, 1000] }));
    await world.deployed('a'.repeat(12));
    const delta = aReportOf({ ham: [5000, 5180], spam: [5180, 5300] });
    const stopped = await drop(world, 'b', { expecting: delta });
    const union = aReportOf({ ham: [0, 780], spam: [780, 1300] }, { sources: sourcesOf('ab') });

    const appended = await drop(world, 'b', { as: 'append', expecting: union });

    expect(stopped).toMatchObject({ outcome: 'blocked', failure: { code: 'DATASET_CHANGED' } });
    expect(stopped.failure?.hint).toContain(
      `/mlops retrain spam dataset=${file('b').version} append=yes adds them to the data of v1.`,
    );
    expect(appended.dataChanges?.changes.some(({ kind }) => kind === 'shrank')).not.toBe(true);
    expect(appended.approval?.outcome).toBeNull();
  });
});

describe('files that are appended one after the other', () => {
  it('are one flat list, each file once', async () => {
    const world = await liveOnA();
    await approve(world, await drop(world, 'b', { as: 'append', expecting: 'ab' }));

    const third = await drop(world, 'c', { as: 'append', expecting: 'abc' });

    expect(filesOf(third)).toBe('a.csv b.csv c.csv');
    expect(third.appending?.onto).toBe(2);
  });

  it('include one that still waits for approval', async () => {
    const world = await liveOnA();
    await drop(world, 'b', { as: 'append', expecting: 'ab' });

    expect(filesOf(await drop(world, 'c', { as: 'append', expecting: 'abc' }))).toBe(
      'a.csv b.csv c.csv',
    );
  });

  it('include one that was dropped at the same moment', async () => {
    const world = await liveOnA();
    world.preparer.answer(readAll('ab'));
    const [one, other] = await Promise.all(
      ['b', 'c'].map((letter) =>
        startFromDataset(world, {
          dataset: file(letter),
          model: 'spam',
          requestedBy: inbox,
          newFile: 'append',
        }),
      ),
    );
    await world.settle();

    const lists = await Promise.all(
      [one, other].map(async (started) => filesOf(await world.run(started?.run.id ?? ''))),
    );
    // The two have one time of creation here, so the ids decide which of them is older.
    expect(lists.toSorted((a, b) => (a ?? '').length - (b ?? '').length).at(-1)?.length).toBe(
      'a.csv b.csv c.csv'.length,
    );
  });

  it('leave out one that the gate has blocked, and say so', async () => {
    const world = await liveOnA();
    world.quality.candidate = 0.5;
    const blocked = await drop(world, 'b', { as: 'append', expecting: 'ab' });
    world.quality.candidate = 0.95;

    const run = await drop(world, 'c', { as: 'append', expecting: 'ac' });

    expect(blocked.verdict?.outcome).toBe('fail');
    expect(filesOf(run)).toBe('a.csv c.csv');
    expect(run.appending?.leftOut).toEqual([
      { fileName: 'b.csv', version: file('b').version, standing: 'blocked' },
    ]);
  });

  it('leave out one whose version was rolled back', async () => {
    const world = await liveOnA();
    await approve(world, await drop(world, 'b', { as: 'append', expecting: 'ab' }));
    await world.pipeline.startRun({
      kind: 'rollback',
      requestId: 'back',
      model: 'spam',
      requestedBy: ada,
      reason: 'bad',
      version: 1,
    });
    await world.settle();
    await world.advance(3600);

    const run = await drop(world, 'c', { as: 'append', expecting: 'ac' });

    expect(filesOf(run)).toBe('a.csv c.csv');
    expect(run.appending).toMatchObject({ onto: 1, leftOut: [{ standing: 'rolled_back' }] });
  });

  it('do not follow a file that was dropped as a replacement and is not live', async () => {
    const world = await liveOnA();
    await drop(world, 'x', { as: 'replace' });

    expect(filesOf(await drop(world, 'c', { as: 'append', expecting: 'ac' }))).toBe('a.csv c.csv');
  });

  it('are refused beyond the number that a record holds', async () => {
    const world = createFlowWorld();
    const files = Array.from({ length: MOST_FILES }, (_, index) =>
      file(String.fromCharCode(97 + index)),
    );
    const whole = { ...file('a'), version: 'f'.repeat(12), files };
    world.preparer.answer(
      aPrepareReport({
        sources: files.map(({ version }) => ({ name: 'x', bytes: 1, sha256: version, rows })),
      }),
    );
    const { run } = await world.pipeline.startRun({
      kind: 'retrain',
      requestId: 'many',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      dataset: whole,
      hyperparameters: {},
    });
    await world.settle();
    await approve(world, await world.run(run.id));

    const refused = await drop(world, 'Z', { as: 'append' });

    expect(refused).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'DATASET_INVALID',
        message: 'With “Z.csv” the dataset would have more than 30 files.',
      },
    });
  });
});

describe('a run whose file was appended', () => {
  const again = (run: Run, requestId: string) => {
    const request = sameAgain(run, { requestId, requestedBy: ada });
    if (request === null) throw new Error('It cannot be repeated.');
    return request;
  };

  it('is repeated with the same files, whatever was dropped meanwhile', async () => {
    const world = await liveOnA();
    const first = await drop(world, 'b', { as: 'append', expecting: 'ab' });
    await drop(world, 'c', { as: 'append', expecting: 'abc' });
    world.preparer.answer(readAll('ab'));

    const { run } = await world.pipeline.startRun(again(first, 'again'));
    await world.settle();

    expect((await world.run(run.id)).dataset).toEqual(first.dataset);
    expect(world.preparer.requests.at(-1)?.appendTo).toHaveLength(1);
  });

  it('is what a retrain without a dataset takes', async () => {
    const world = await liveOnA();
    const appended = await drop(world, 'b', { as: 'append', expecting: 'ab' });

    const { run } = await world.pipeline.startRun({
      kind: 'retrain',
      requestId: 'plain',
      model: 'spam',
      requestedBy: ada,
      reason: null,
      dataset: null,
      hyperparameters: {},
    });

    expect(run.dataset).toEqual(appended.dataset);
  });

  it('finds its files when it was stopped before it had looked for them', async () => {
    const world = await liveOnA();
    world.preparer.answer(readAll('ab'));
    const { run } = await startFromDataset(world, {
      dataset: file('b'),
      model: 'spam',
      requestedBy: inbox,
      newFile: 'append',
    });

    expect(again(run, 'again')).toMatchObject({ appends: true, dataset: file('b') });
  });

  it('fails with the name of a file that has gone, and what to do', async () => {
    const world = await liveOnA();
    const message = 'The file "a.csv", which the new rows are appended to, is no longer stored.';
    const gone = aPrepareReport({
      status: 'invalid',
      errors: [
        { code: 'earlier_file_gone', message, row: null, column: null, hint: 'Drop one file.' },
      ],
    });

    const run = await drop(world, 'b', { as: 'append', expecting: gone });

    expect(run).toMatchObject({
      outcome: 'failed',
      failure: { code: 'DATASET_INVALID', message, hint: 'Drop one file.' },
    });
    expect(filesOf(run)).toBe('a.csv b.csv');
  });

  it('fails when the content of a file is not what was dropped', async () => {
    const world = await liveOnA();

    const run = await drop(world, 'b', { as: 'append', expecting: 'xb' });

    expect(run.failure?.message).toBe(
      '“a.csv” is not the file that was dropped: its content has changed.',
    );
  });

  it('is not trained on the new file alone by a prepare function that is older', async () => {
    const world = await liveOnA();
    const before = world.jobs.specs.length;

    const run = await drop(world, 'b', { as: 'append', expecting: 'b' });

    expect(run.outcome).toBeNull();
    expect(world.jobs.specs).toHaveLength(before);
  });

  it('is refused when its file is part of production already', async () => {
    const world = await liveOnA();

    const run = await drop(world, 'a', { as: 'append' });

    expect(run.failure).toMatchObject({
      code: 'DATASET_INVALID',
      message: '“a.csv” is already part of the data of v1, so there is nothing to append.',
    });
  });
});
