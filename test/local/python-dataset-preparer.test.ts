import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PrepareRequest } from '../../pipeline/core/ports.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { createPythonDatasetPreparer } from '../../pipeline/local/python-dataset-preparer.ts';
import { describeDatasetPreparer } from '../contract/dataset-preparer.contract.ts';
import { python, trainingFolder } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

const realTrainingFolder = join(import.meta.dirname, '../../training');
const request: PrepareRequest = {
  inputKey: 'datasets/spam/0123456789ab/mails.csv',
  appendTo: [],
  fileName: 'mails.csv',
  outputPrefix: 'runs/spam-aaaaaaaa/prepared/',
  task: 'text-classification',
  labelColumn: 'label',
  textColumn: 'text',
  groupColumn: null,
  timeColumn: null,
  sliceColumns: [],
  onConflict: 'keep',
  earlier: [],
};

function makePreparer(options: {
  trainingFolder: string;
  python?: string;
  timeoutSeconds?: number;
}) {
  const folder = temporaryFolder();
  const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
  const entries: LogEntry[] = [];
  const preparer = createPythonDatasetPreparer({
    artifacts,
    workFolder: join(folder, 'work'),
    python,
    environment: { PATH: process.env.PATH },
    log: (entry) => entries.push(entry),
    ...options,
  });
  return { preparer, artifacts, entries, work: join(folder, 'work/prepare') };
}

/** Rows of random words (always the same), so that none is a near-duplicate of another. */
function mails(count: number): string {
  let state = 1;
  const word = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  };
  const rows = Array.from({ length: count }, (_, row) => {
    const text = Array.from({ length: 10 }, word).join(' ');
    return `${text},${row % 2 === 0 ? 'spam' : 'ham'}`;
  });
  return `text,label\n${rows.join('\n')}\n`;
}

/** Python that notes which scripts it is started with, and does this before a warm worker. */
function countingPython(beforeWorker: string) {
  const folder = temporaryFolder();
  const command = join(folder, 'python');
  const list = join(folder, 'starts');
  const lines = [
    '#!/bin/sh',
    `basename "$2" >>'${list}'`,
    `case "$2" in *warm_worker.py) ${beforeWorker || ':'} ;; esac`,
    `exec '${python}' "$@"`,
  ];
  writeFileSync(command, `${lines.join('\n')}\n`, { mode: 0o755 });
  return { command, starts: () => readFileSync(list, 'utf8').trim().split('\n') };
}

describeDatasetPreparer('subprocess', async () =>
  makePreparer({ trainingFolder: realTrainingFolder }),
);

describe('createPythonDatasetPreparer', () => {
  it('writes the split files of a good dataset, the same ones every time', async () => {
    const { preparer, artifacts, work } = makePreparer({ trainingFolder: realTrainingFolder });
    await artifacts.put(request.inputKey, mails(200));

    const report = await preparer.prepare(request);
    const files = await artifacts.list(request.outputPrefix);
    const before = await Promise.all(files.map((key) => artifacts.get(key)));
    await preparer.prepare(request);

    expect(report).toMatchObject({ status: 'ok', input: { name: 'mails.csv' } });
    expect(files).toEqual(
      ['seen.json', 'test.jsonl', 'train.jsonl', 'validation.jsonl'].map(
        (file) => `${request.outputPrefix}${file}`,
      ),
    );
    expect(await Promise.all(files.map((key) => artifacts.get(key)))).toEqual(before);
    expect(readdirSync(work)).toEqual([]);
  });

  it('reports what is wrong with a bad dataset and writes nothing', async () => {
    const { preparer, artifacts } = makePreparer({ trainingFolder: realTrainingFolder });
    await artifacts.put(request.inputKey, 'body,label\nhello,ham\n');

    const report = await preparer.prepare(request);

    expect(report.status).toBe('invalid');
    expect(report.errors[0]).toMatchObject({ message: expect.stringContaining('text') });
    expect(await artifacts.list(request.outputPrefix)).toEqual([]);
  });

  it('takes a column name that looks like an option for a name', async () => {
    const { preparer, artifacts } = makePreparer({ trainingFolder: realTrainingFolder });
    await artifacts.put(request.inputKey, mails(200).replace('text,label', 'text,--task'));

    const report = await preparer.prepare({ ...request, labelColumn: '--task' });

    expect(report.status).toBe('ok');
  });

  it('finds held-out rows that an earlier version was trained on', async () => {
    const { preparer, artifacts } = makePreparer({ trainingFolder: realTrainingFolder });
    await artifacts.put(request.inputKey, mails(200));
    const first = 'runs/spam-aaaaaaaa/prepared/';
    await preparer.prepare({ ...request, outputPrefix: first });
    await artifacts.put(request.inputKey, mails(200).replaceAll(/[,\n](spam|ham)/g, '!$&'));

    const { seen, split } = await preparer.prepare({
      ...request,
      earlier: [
        { version: 1, prefix: first },
        { version: 2, prefix: 'runs/spam-gone/prepared/' },
      ],
    });

    const [one, two] = seen ?? [];
    expect(one?.rows).toBeGreaterThan(split.test / 2);
    expect(two).toEqual({ version: 2, rows: null });
  });

  it('passes on by which columns the rows are split and sliced', async () => {
    const { preparer, artifacts } = makePreparer({ trainingFolder: realTrainingFolder });
    const [header, ...lines] = mails(200).trimEnd().split('\n');
    const rows = lines.map((line, index) => `${line},team ${index % 30},${index},DE`);
    await artifacts.put(request.inputKey, [`${header},--team,at,--country`, ...rows].join('\n'));

    const report = await preparer.prepare({
      ...request,
      groupColumn: '--team',
      timeColumn: 'at',
      sliceColumns: ['--country'],
      onConflict: 'drop',
    });

    expect(report).toMatchObject({ status: 'ok', columns: ['text', 'label'] });
    const heldOut = new TextDecoder().decode(
      (await artifacts.get(`${request.outputPrefix}test.jsonl`)) ?? undefined,
    );
    expect(JSON.parse(heldOut.split('\n')[0] ?? '')).toMatchObject({
      slices: { '--country': 'DE' },
    });
  });

  it.each([
    ['break', 'PREPARE_FAILED', 'The dataset could not be prepared.'],
    ['nonsense', 'CONTRACT_BROKEN', 'prepare-report.json does not match its schema'],
    ['hang', 'PREPARE_FAILED', 'Preparing the dataset took longer than 0.3 seconds.'],
  ])('throws when the script does "%s"', async (content, code, message) => {
    const timeoutSeconds = content === 'hang' ? 0.3 : 60;
    const { preparer, artifacts, work } = makePreparer({ trainingFolder, timeoutSeconds });
    await artifacts.put(request.inputKey, content);

    const prepared = preparer.prepare(request);

    await expect(prepared).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(readdirSync(work)).toEqual([]);
  });

  it.each([
    ['break', 'ended with exit code 1. It said: OSError: the disk is full'],
    ['silent', 'ended with exit code 1 and printed nothing.'],
  ])('says and logs why a script that does "%s" failed', async (content, reason) => {
    const { preparer, artifacts, entries } = makePreparer({ trainingFolder });
    await artifacts.put(request.inputKey, content);

    const prepared = preparer.prepare(request);

    await expect(prepared).rejects.toMatchObject({ hint: `The script prepare_data.py ${reason}` });
    expect(entries).toMatchObject([
      { message: 'prepare_data.py failed.', about: request.inputKey, error: expect.any(Error) },
    ]);
  });

  it.each([
    ['the process that waited for it', '', ['warm_worker.py']],
    ['a fresh process when that one has died', 'exit 1', ['warm_worker.py', 'prepare_data.py']],
  ])('prepares a dataset in %s', async (_, worker, expected) => {
    const { command, starts } = countingPython(worker);
    const { preparer, artifacts } = makePreparer({
      trainingFolder: realTrainingFolder,
      python: command,
    });
    onTestFinished(() => preparer.close());
    await artifacts.put(request.inputKey, mails(200));
    preparer.keepWarm();

    const report = await preparer.prepare(request);

    expect(report).toMatchObject({ status: 'ok', input: { name: 'mails.csv' } });
    expect(starts()).toEqual(expected);
  });

  it('removes what a killed pipeline was preparing', async () => {
    const { preparer, work } = makePreparer({ trainingFolder });
    mkdirSync(join(work, 'half'), { recursive: true });
    writeFileSync(join(work, 'half/train.jsonl'), '');

    await preparer.recover();

    expect(existsSync(work)).toBe(false);
  });

  it('says what to do when Python was never set up', async () => {
    const { preparer, artifacts, work } = makePreparer({
      trainingFolder,
      python: '/nowhere/.venv/bin/python',
    });
    await artifacts.put(request.inputKey, mails(1));

    const prepared = preparer.prepare(request);

    await expect(prepared).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      hint: expect.stringContaining('npm start'),
    });
    expect(existsSync(work) && readdirSync(work)).toEqual([]);
  });
});
