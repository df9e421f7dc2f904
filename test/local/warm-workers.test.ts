import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { JobDescription } from '../../pipeline/core/ports.ts';
import { createJobStore } from '../../pipeline/local/job-runner/job-store.ts';
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from '../../pipeline/local/processes.ts';
import {
  aScriptSpec,
  trainingFolder as fixtures,
  type HarnessOptions,
  makeJobRunner,
  python,
} from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

const warmWorker = resolve(import.meta.dirname, '../../training/warm_worker.py');
const recipe = 'slow';
const train = { kind: 'train', recipe } as const;

const hasEnded = (job: JobDescription) => job.status !== 'InProgress' && job.status !== 'Stopping';
const isAtStep = (step: number) => (job: JobDescription) => (job.progress?.step ?? 0) >= step;

/** Imports that note the process, and then do this. */
function noteThen(python: string): string {
  return `note()\n${python}`;
}

/** A folder `training` with the fixture script and a recipe whose imports note who made them. */
function aTrainingFolder(imports = ''): string {
  const folder = temporaryFolder();
  copyFileSync(join(fixtures, 'job.py'), join(folder, 'job.py'));
  copyFileSync(warmWorker, join(folder, 'warm_worker.py'));
  mkdirSync(join(folder, 'recipes', recipe), { recursive: true });
  const file = join(folder, 'recipes', recipe, 'train_imports.py');
  const begin = `import os, sys, time\ndef note():\n  with open("pids", "a") as file: print(os.getpid(), file=file)\n`;
  writeFileSync(file, `${begin}${imports}\n${imports.includes('note()') ? '' : 'note()\n'}`);
  return folder;
}

/** A job runner over such a folder. */
function makeWarmRunner(imports = '', options: HarnessOptions = {}) {
  const trainingFolder = aTrainingFolder(imports);
  return { ...makeJobRunner({ ...options, trainingFolder }), trainingFolder };
}

/** The first worker of the folder, once it has noted its process; it may have ended since. */
async function untilImported(trainingFolder: string): Promise<ProcessIdentity> {
  const file = join(trainingFolder, 'pids');
  while (!existsSync(file) || !readFileSync(file, 'utf8').includes('\n')) await delay(5);
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  return identifyProcess(pid) ?? { pid, startedAt: 'ended' };
}

async function untilGone(identity: ProcessIdentity): Promise<void> {
  while (isRunning(identity)) await delay(5);
}

const aSlowSpec = (behaviour: string, hyperparameters: Record<string, string> = {}) =>
  aScriptSpec(behaviour, { recipe, hyperparameters: { behaviour, ...hyperparameters } });

describe('createWarmWorkers', () => {
  it('runs a job in the process that imported for it', async () => {
    const { runner, until, database, trainingFolder } = makeWarmRunner();
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    const job = aSlowSpec('endless');

    await runner.start(job);
    await until(job.name, isAtStep(1));

    expect(createJobStore({ database }).get(job.name).process).toMatchObject(worker);
  });

  it('runs one job in each process', async () => {
    const { runner, until, trainingFolder } = makeWarmRunner();
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    const jobs = [aSlowSpec('completes'), aSlowSpec('completes')];

    for (const job of jobs) await runner.start(job);
    const ended = await Promise.all(jobs.map((job) => until(job.name, hasEnded)));

    expect(ended.map(({ status }) => status)).toEqual(['Completed', 'Completed']);
    expect(isRunning(worker)).toBe(false);
  });

  it('imports for the next training when an evaluation has ended, not while it runs', async () => {
    const { runner, until, trainingFolder } = makeWarmRunner();
    const recipeFolder = join(trainingFolder, 'recipes', recipe);
    copyFileSync(
      join(recipeFolder, 'train_imports.py'),
      join(recipeFolder, 'inference_imports.py'),
    );
    runner.warmUp({ kind: 'evaluate', recipe });
    await untilImported(trainingFolder);
    const job = { ...aSlowSpec('endless'), kind: 'evaluate' as const };
    await runner.start(job);
    await until(job.name, isAtStep(20));
    const whileItRan = pidsOf(trainingFolder).length;

    await runner.stop(job.name);
    await until(job.name, hasEnded);
    while (pidsOf(trainingFolder).length < 2) await delay(5);

    expect(whileItRan).toBe(1);
  });

  it('shows the job what a cold start shows it, and nothing secret', async () => {
    const environment = {
      PATH: process.env.PATH ?? '',
      HF_HOME: '/models',
      SLACK_BOT_TOKEN: 'xoxb-secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const { runner, until, trainingFolder } = makeWarmRunner('', { environment });
    const report = async (name: string) => {
      await until(name, hasEnded);
      const output = await runner.output(name, 'report.json');
      return JSON.parse(new TextDecoder().decode(output ?? new Uint8Array())).environment;
    };
    const cold = aSlowSpec('reports');
    await runner.start(cold);
    const fromCold = await report(cold.name);
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    const ofWorker = readFileSync(`/proc/${worker.pid}/environ`, 'utf8');

    const warm = aSlowSpec('reports');
    await runner.start(warm);
    const fromWarm = await report(warm.name);

    const names = (variables: Record<string, string>) => Object.keys(variables).sort();
    expect(names(fromWarm)).toEqual(names(fromCold));
    expect(fromWarm).toMatchObject({ HF_HOME: '/models', TRAINING_JOB_NAME: warm.name });
    expect(ofWorker + JSON.stringify(fromWarm)).not.toContain('secret');
  });

  it('runs the code as it is when the job starts', async () => {
    const { runner, until, trainingFolder, folder } = makeWarmRunner('import helper');
    writeFileSync(join(trainingFolder, 'helper.py'), 'BEHAVIOUR = "crashes"\n');
    runner.warmUp(train);
    await untilImported(trainingFolder);
    writeFileSync(join(trainingFolder, 'helper.py'), 'BEHAVIOUR = "as it is now"\n');
    writeFileSync(
      join(trainingFolder, 'job.py'),
      'import helper, os, sys\nprint(helper.BEHAVIOUR, sys.argv, __file__, os.getcwd())\n',
    );
    const job = aSlowSpec('');

    await runner.start(job);
    await until(job.name, hasEnded);

    const script = join(trainingFolder, 'job.py');
    const jobFolder = join(folder, 'work/jobs', job.name);
    expect(await runner.logs(job.name, 1)).toEqual([
      `as it is now ['${script}'] ${script} ${jobFolder}`,
    ]);
  });

  it('interrupts and resumes a job in it as in any process', async () => {
    const { runner, until, trainingFolder } = makeWarmRunner();
    runner.warmUp(train);
    await untilImported(trainingFolder);
    const job = aSlowSpec('resumes');
    await runner.start(job);
    await until(job.name, isAtStep(2));

    await runner.interrupt(job.name);
    const ended = await until(job.name, hasEnded);

    const [interruption] = ended.interruptions;
    expect(ended.status).toBe('Completed');
    expect(interruption?.resumedFromStep).toBe(interruption?.atStep);
  });

  it('ends with a stopped job, and what the job started too', async () => {
    const { runner, until, trainingFolder, folder } = makeWarmRunner();
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    const job = aSlowSpec('daemonizes', { next: 'endless' });
    await runner.start(job);
    await until(job.name, isAtStep(1));
    const log = readFileSync(join(folder, 'work/jobs', job.name, 'log.txt'), 'utf8');
    const daemon = identifyProcess(Number(/^daemon (\d+)$/m.exec(log)?.[1]));

    await runner.stop(job.name);
    const ended = await until(job.name, hasEnded);

    expect(ended.secondaryStatus).toBe('Stopped');
    expect([worker, daemon].map((each) => each === null || isRunning(each))).toEqual([
      false,
      false,
    ]);
  });

  it('stops a job whose worker still imports', async () => {
    const { runner, until, trainingFolder } = makeWarmRunner(noteThen('time.sleep(60)'));
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    const job = aSlowSpec('completes');
    await runner.start(job);
    await until(job.name, ({ secondaryStatus }) => secondaryStatus === 'Training');

    await runner.stop(job.name);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Stopped', progress: null });
    expect(isRunning(worker)).toBe(false);
  });

  it.each([
    ['cannot import', noteThen('import nothing_of_that_name')],
    ['dies as it imports', noteThen('os.abort()')],
    ['dies as it gets the job', 'os.chdir = lambda _: os.abort()'],
    ['finds other packages than it imported', 'sys.path.append(os.getcwd() + "/recipes")'],
  ])('leaves a job to a fresh process when the worker %s', async (_, imports) => {
    const { runner, until, trainingFolder } = makeWarmRunner(imports);
    runner.warmUp(train);
    await untilImported(trainingFolder);
    const job = aSlowSpec('completes');

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Completed', interruptions: [] });
  });

  it('says in the log why a worker ended, and starts none again by itself', async () => {
    const { runner, trainingFolder, entries } = makeWarmRunner(noteThen('import no_such_package'));
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);
    await untilGone(worker);
    while (entries.length === 0) await delay(5);

    expect(entries).toMatchObject([{ about: recipe, error: { message: expect.any(String) } }]);
    expect(String(entries[0]?.error)).toContain("No module named 'no_such_package'");
    expect(pidsOf(trainingFolder)).toHaveLength(1);
  });

  it('starts none for a recipe without imports that take long', async () => {
    const { runner, until, entries } = makeJobRunner();
    runner.warmUp({ kind: 'train', recipe: 'tfidf' });
    const job = aScriptSpec('completes');

    await runner.start(job);

    expect((await until(job.name, hasEnded)).status).toBe('Completed');
    expect(entries).toEqual([]);
  });

  it('is given up when no job comes', async () => {
    const { runner, trainingFolder, entries } = makeWarmRunner('', {
      policy: { warmIdleSeconds: 0.5 },
    });
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);

    await untilGone(worker);

    expect(entries).toEqual([]);
  });

  it('ends with the pipeline', async () => {
    const { runner, trainingFolder } = makeWarmRunner();
    runner.warmUp(train);
    const worker = await untilImported(trainingFolder);

    await runner.close();
    runner.warmUp(train);

    expect(isRunning(worker)).toBe(false);
    expect(pidsOf(trainingFolder)).toHaveLength(1);
  });

  it.each([
    ['waits', ''],
    ['imports', noteThen('time.sleep(60)')],
  ])('ends when the pipeline is killed while it %s, and leaves no files', async (_, imports) => {
    const trainingFolder = aTrainingFolder(imports);
    const pipeline = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        join(import.meta.dirname, '../fixtures/warm-up.ts'),
        temporaryFolder(),
        python,
        trainingFolder,
      ],
      { stdio: 'inherit' },
    );
    const worker = await untilImported(trainingFolder);
    const environment = readFileSync(`/proc/${worker.pid}/environ`, 'utf8').split('\0');
    const temporary = environment.find((each) => each.startsWith('TMPDIR='))?.slice(7) ?? '';

    pipeline.kill('SIGKILL');
    await untilGone(worker);

    while (existsSync(temporary)) await delay(5);
    expect(temporary).not.toBe('');
  });
});

function pidsOf(trainingFolder: string): readonly string[] {
  return readFileSync(join(trainingFolder, 'pids'), 'utf8').trim().split('\n');
}
