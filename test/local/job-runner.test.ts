import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { list } from 'tar';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobDescription } from '../../pipeline/core/ports.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createJobStore } from '../../pipeline/local/job-runner/job-store.ts';
import {
  identifyProcess,
  isRunning,
  type ProcessIdentity,
} from '../../pipeline/local/processes.ts';
import { aJobSpec } from '../fakes/samples.ts';
import { aScriptSpec, makeJobRunner, python } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

const hasEnded = (job: JobDescription) => job.status !== 'InProgress' && job.status !== 'Stopping';
const isAtStep = (step: number) => (job: JobDescription) => (job.progress?.step ?? 0) >= step;

/** Runs one job in a process of its own, and kills that when the job has progressed. */
async function killPipeline(folder: string, args: readonly string[]): Promise<void> {
  const fixture = join(import.meta.dirname, '../fixtures/run-job.ts');
  const pipeline = spawn(process.execPath, ['--import', 'tsx', fixture, folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const _line of createInterface({ input: pipeline.stdout })) break;
  pipeline.kill('SIGKILL');
  await new Promise((resolve) => pipeline.on('exit', resolve));
}

/** The process that a job of the fixture `daemonizes` left; it is ended with the test. */
function daemonOf(folder: string, jobName: string): ProcessIdentity {
  const log = readFileSync(join(folder, 'work/jobs', jobName, 'log.txt'), 'utf8');
  const daemon = identifyProcess(Number(/^daemon (\d+)$/m.exec(log)?.[1])) ?? gone;
  onTestFinished(() => {
    if (isRunning(daemon)) process.kill(daemon.pid, 'SIGKILL');
  });
  return daemon;
}

/** The temporary file that a job of the fixture `scatters` made. */
function temporaryFileOf(folder: string, jobName: string): string {
  const log = readFileSync(join(folder, 'work/jobs', jobName, 'log.txt'), 'utf8');
  const file = /^temporary (.+)$/m.exec(log)?.[1] ?? '';
  onTestFinished(() => rmSync(file, { force: true }));
  return file;
}

const gone: ProcessIdentity = { pid: 0, startedAt: 'never' };

async function untilEnded(identity: ProcessIdentity | null | undefined): Promise<void> {
  while (identity != null && isRunning(identity)) await delay(10);
}

describe('createLocalJobRunner', () => {
  it('goes through the states of a training job', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('completes');
    const states: string[] = [];

    await runner.start(job);
    const ended = await until(job.name, (each) => {
      if (states.at(-1) !== each.secondaryStatus) states.push(each.secondaryStatus);
      return hasEnded(each);
    });

    expect(states.filter((state) => state !== 'Pending')).toEqual([
      'Starting',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(ended.progress).toMatchObject({ step: 3, total: 3, loss: 1 / 3 });
    expect(ended.runningSeconds).toBeGreaterThan(0.02);
    expect(await runner.logs(job.name, 10)).toEqual([
      'hello from the script',
      'not an event',
      '{"event": "progress", "step": "not a number"}',
    ]);
  });

  it('packs equal models into equal archives', async () => {
    const { runner, until, artifacts } = makeJobRunner();
    const jobs = [aScriptSpec('completes'), aScriptSpec('completes')];

    for (const job of jobs) await runner.start(job);
    const [first, second] = await Promise.all(jobs.map((job) => until(job.name, hasEnded)));

    const { key = '', sha256, bytes } = first?.modelArtifact ?? {};
    const archive = await artifacts.get(key);
    const entries: unknown[] = [];
    await list({
      file: artifacts.path(key),
      onReadEntry: ({ path, mode, mtime }) => void entries.push({ path, mode, mtime }),
    });
    expect(second?.modelArtifact?.sha256).toBe(sha256);
    expect(
      createHash('sha256')
        .update(archive ?? '')
        .digest('hex'),
    ).toBe(sha256);
    expect(archive?.length).toBe(bytes);
    const fixed = { mode: 0o644, mtime: new Date(0) };
    expect(entries).toEqual([
      { path: 'code/inference.py', ...fixed },
      { path: 'weights.bin', ...fixed },
    ]);
  });

  it('gives the script its channels, its parameters and nothing secret', async () => {
    const environment = {
      PATH: process.env.PATH ?? '',
      HF_HOME: '/models',
      SLACK_BOT_TOKEN: 'xoxb-secret',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    const { runner, until, artifacts } = makeJobRunner({ environment });
    await artifacts.put('runs/x/prepared/train.jsonl', 'rows');
    await artifacts.put('runs/x/prepared/deep/er.jsonl', 'more');
    await artifacts.put('models/v1/model.tar.gz', 'archive');
    const job = aScriptSpec('reports', {
      channels: { train: 'runs/x/prepared/', production: 'models/v1/model.tar.gz' },
    });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    const output = await runner.output(job.name, 'report.json');
    const report = JSON.parse(new TextDecoder().decode(output ?? new Uint8Array()));
    expect(ended).toMatchObject({ status: 'Completed', modelArtifact: null });
    expect(report.channels).toEqual({
      SM_CHANNEL_TRAIN: { 'train.jsonl': 'rows', 'deep/er.jsonl': 'more' },
      SM_CHANNEL_PRODUCTION: { 'model.tar.gz': 'archive' },
    });
    expect(report.environment).toMatchObject({ HF_HOME: '/models', TRAINING_JOB_NAME: job.name });
    expect(JSON.stringify(report.environment)).not.toContain('secret');
  });

  it('resumes from the checkpoint after an interruption', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('resumes');
    const states: string[] = [];
    await runner.start(job);
    await until(job.name, isAtStep(2));

    const interrupted = await runner.interrupt(job.name);
    const ended = await until(job.name, (each) => {
      if (states.at(-1) !== each.secondaryStatus) states.push(each.secondaryStatus);
      return hasEnded(each);
    });

    const [interruption] = ended.interruptions;
    expect(interrupted).toBe(true);
    expect(states).toEqual([
      'Training',
      'Interrupted',
      'Starting',
      'Training',
      'Uploading',
      'Completed',
    ]);
    expect(ended.interruptions).toHaveLength(1);
    expect(interruption?.atStep).toBeGreaterThanOrEqual(2);
    expect(interruption?.resumedFromStep).toBe(interruption?.atStep);
    expect(ended.progress?.step).toBe((interruption?.atStep ?? 0) + 2);
    expect(ended.waitingSeconds).toBeGreaterThanOrEqual(0.04);
  });

  it('begins anew after an interruption when there is no checkpoint', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('endless', { checkpointPrefix: null });
    await runner.start(job);
    await until(job.name, isAtStep(2));

    await runner.interrupt(job.name);
    const resumed = await until(job.name, (each) => each.interruptions[0]?.resumedAt != null);

    expect(resumed.interruptions).toMatchObject([{ resumedFromStep: 0 }]);
    expect(resumed.interruptions[0]?.atStep).toBeGreaterThanOrEqual(2);
  });

  it('kills a script that does not heed an interruption', async () => {
    const { runner, until } = makeJobRunner({ policy: { gracePeriodSeconds: 0.05 } });
    const job = aScriptSpec('stubborn');
    await runner.start(job);
    await until(job.name, isAtStep(2));

    await runner.interrupt(job.name);
    const resumed = await until(job.name, (each) => each.interruptions[0]?.resumedAt != null);
    await runner.stop(job.name);
    const ended = await until(job.name, hasEnded);

    expect(resumed.interruptions).toMatchObject([{ resumedFromStep: 0 }]);
    expect(ended.secondaryStatus).toBe('Stopped');
  });

  it('takes the machine only from a Spot job that has one', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('endless', { spot: false });
    await runner.start(job);
    await until(job.name, isAtStep(1));

    expect(await runner.interrupt(job.name)).toBe(false);
    expect(await runner.interrupt('unknown-train-1')).toBe(false);
  });

  it('starts again when the machine was lost without anybody asking', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('loses', { hyperparameters: { behaviour: 'loses', times: '2' } });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended.status).toBe('Completed');
    expect(ended.interruptions).toMatchObject([{ atStep: 0 }, { atStep: 0, resumedFromStep: 0 }]);
  });

  it('gives up a script that is interrupted again and again', async () => {
    const { runner, until } = makeJobRunner({ policy: { capacityWaitSeconds: 0 } });
    const job = aScriptSpec('loses', { hyperparameters: { behaviour: 'loses', times: '99' } });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended.status).toBe('Failed');
    expect(ended.failureReason).toBe('The script was interrupted 11 times and not started again.');
  });

  it('stops a job at its maximum run time', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('endless', { maxRuntimeSeconds: 0.2 });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxRuntimeExceeded' });
    expect(ended.runningSeconds).toBeGreaterThanOrEqual(0.2);
  });

  it('stops a Spot job for which no capacity comes back in time', async () => {
    const { runner, until } = makeJobRunner({ policy: { capacityWaitSeconds: 3600 } });
    const job = aScriptSpec('endless', { maxWaitSeconds: 0.8 });
    await runner.start(job);
    await until(job.name, isAtStep(1));

    await runner.interrupt(job.name);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Stopped', secondaryStatus: 'MaxWaitTimeExceeded' });
    expect(ended.runningSeconds + ended.waitingSeconds).toBeGreaterThanOrEqual(0.8);
  });

  it('lets further jobs wait until there is room', async () => {
    const { runner, until } = makeJobRunner({ policy: { maxConcurrentJobs: 1 } });
    const jobs = ['endless', 'endless', 'completes'].map((behaviour) => aScriptSpec(behaviour));
    for (const job of jobs) await runner.start(job);
    const [first, second, third] = jobs.map((job) => job.name) as [string, string, string];
    await until(first, isAtStep(1));
    const waiting = await Promise.all([second, third].map((name) => runner.describe(name)));

    await runner.stop(second);
    await runner.stop(first);
    const ended = await until(third, hasEnded);

    expect(waiting.map((job) => job?.secondaryStatus)).toEqual(['Pending', 'Pending']);
    expect((await until(second, hasEnded)).runningSeconds).toBe(0);
    expect(ended.status).toBe('Completed');
    expect(ended.waitingSeconds).toBeGreaterThan(0);
  });

  it('does not wait for what a script left behind', async () => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('lingers');

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended.status).toBe('Completed');
  });

  it('ends with its script when a child in a session of its own holds its output', async () => {
    const { runner, until, folder } = makeJobRunner();
    const job = aScriptSpec('daemonizes', {
      hyperparameters: { behaviour: 'daemonizes', next: 'endless' },
    });
    await runner.start(job);
    await until(job.name, isAtStep(1));
    const daemon = daemonOf(folder, job.name);
    const wasRunning = isRunning(daemon);

    await runner.stop(job.name);
    const ended = await until(job.name, hasEnded);

    expect(ended.status).toBe('Stopped');
    expect([wasRunning, isRunning(daemon)]).toEqual([true, false]);
  });

  it('reaches its maximum run time and the next job its slot despite such a child', async () => {
    const { runner, until } = makeJobRunner({ policy: { maxConcurrentJobs: 1 } });
    const hyperparameters = { behaviour: 'daemonizes', next: 'endless' };
    const job = aScriptSpec('daemonizes', { hyperparameters, maxRuntimeSeconds: 0.3 });
    const next = aScriptSpec('completes');

    for (const each of [job, next]) await runner.start(each);

    expect((await until(job.name, hasEnded)).secondaryStatus).toBe('MaxRuntimeExceeded');
    expect((await until(next.name, hasEnded)).status).toBe('Completed');
  });

  it('waits a second at most for output that a child without its environment holds', async () => {
    const { runner, until, folder } = makeJobRunner();
    const job = aScriptSpec('daemonizes', {
      hyperparameters: { behaviour: 'daemonizes', next: 'completes', escapes: 'yes' },
    });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);
    daemonOf(folder, job.name);

    expect(ended.status).toBe('Completed');
  });

  it('ends a silent script and all that it started when the pipeline was killed', async () => {
    const folder = temporaryFolder();
    await killPipeline(folder, ['daemonizes', python, 'quiet']);
    const { name } = aJobSpec();
    const store = createJobStore({ database: openDatabase(join(folder, 'mlops.db')) });
    const script = store.get(name).process;
    const daemon = daemonOf(folder, name);

    await untilEnded(script);
    await untilEnded(daemon);

    expect(script).not.toBeNull();
    expect(daemon).not.toBe(gone);
    expect(existsSync(join(folder, 'artifacts', `${aJobSpec().checkpointPrefix}step`))).toBe(true);
  });

  it.each(['completes', 'crashes'])(
    'removes the temporary files of a script that %s',
    async (next) => {
      const { runner, until, folder } = makeJobRunner();
      const job = aScriptSpec('scatters', { hyperparameters: { behaviour: 'scatters', next } });

      await runner.start(job);
      await until(job.name, hasEnded);
      const file = temporaryFileOf(folder, job.name);

      expect([file !== '', existsSync(file)]).toEqual([true, false]);
    },
  );

  it('removes the temporary files of a script when the pipeline was killed', async () => {
    const folder = temporaryFolder();
    await killPipeline(folder, ['scatters', python, 'quiet']);

    const file = temporaryFileOf(folder, aJobSpec().name);
    while (existsSync(file)) await delay(10);

    expect(file).not.toBe('');
  });

  it('never ends the script of a folder of which its own is a copy', async () => {
    const original = makeJobRunner();
    const job = aScriptSpec('endless');
    await original.runner.start(job);
    await original.until(job.name, isAtStep(1));
    const script = createJobStore(original).get(job.name).process;
    const folder = temporaryFolder();
    cpSync(original.folder, folder, { recursive: true });

    const copy = makeJobRunner({ folder });
    await copy.runner.recover();
    await copy.until(job.name, (each) => each.interruptions[0]?.resumedAt != null);

    expect(script !== null && isRunning(script)).toBe(true);
    expect((await original.runner.describe(job.name))?.interruptions).toEqual([]);
  });

  it.each([
    ['crashes', {}, 'The script ended with exit code 3. It said: hello from the script'],
    ['mute', {}, 'The script ended with exit code 3 and printed nothing.'],
    [
      'raises',
      {},
      'The script ended with exit code 1. It said: RuntimeError: the loss is not a number',
    ],
    [
      'completes',
      { channels: { train: 'nothing/here/' } },
      'The input channel “train” has no data.',
    ],
    ['completes', { channels: { train: 'no.file' } }, 'The input channel “train” has no data.'],
  ])('says why a job that %s with %j failed', async (behaviour, overrides, reason) => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec(behaviour, overrides);

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Failed', failureReason: reason });
  });

  it.each([
    ['name', 'model', 'od\\xffd', 'whose name is not valid UTF-8'],
    ['name', 'output', 'od\\xffd', 'whose name is not valid UTF-8'],
    ['pipe', 'model', 'odd', 'which is a named pipe and not a plain file'],
    ['pipe', 'output', 'odd', 'which is a named pipe and not a plain file'],
    ['link', 'output', 'odd', 'which is a link and not a plain file'],
    ['socket', 'model', 'odd', 'which is a socket and not a plain file'],
  ])('fails a job that leaves an odd %s in its %s folder', async (what, where, name, problem) => {
    const { runner, until } = makeJobRunner();
    const job = aScriptSpec('litters', { hyperparameters: { behaviour: 'litters', what, where } });

    await runner.start(job);
    const ended = await until(job.name, hasEnded);

    expect(ended).toMatchObject({
      status: 'Failed',
      failureReason:
        `The ${where} folder contains “${name}”, ${problem}. ` +
        `Let the recipe write only readable, plain files into its ${where} folder.`,
    });
  });

  it('fails a job whose odd output ended the pipeline of an earlier version', async () => {
    const { runner, until, database, folder } = makeJobRunner();
    const job = aScriptSpec('completes');
    const model = join(folder, 'work/jobs', job.name, 'model');
    mkdirSync(model, { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(`${model}/`), Buffer.from([0x66, 0xff])]), '');
    const store = createJobStore({ database });
    store.insert(job, new Date().toISOString());
    store.save({ ...store.get(job.name), secondaryStatus: 'Uploading', phase: null });

    await runner.recover();
    const ended = await until(job.name, hasEnded);

    expect(ended.failureReason).toContain('The model folder contains “f\\xff”');
  });

  it.each([
    [{ name: '../escape' }, 'UNEXPECTED'],
    [{ script: '../../package.json' }, 'TRAINING_FAILED'],
    [{ script: 'missing.py', kind: 'evaluate' as const }, 'EVALUATION_FAILED'],
  ])('refuses to start %j', async (overrides, code) => {
    const { runner } = makeJobRunner();

    const started = runner.start(aScriptSpec('completes', overrides));

    await expect(started).rejects.toMatchObject({ code });
  });

  it('says what to do when Python was never set up', async () => {
    const { runner } = makeJobRunner({ python: '/nowhere/.venv/bin/python' });

    const started = runner.start(aScriptSpec('completes'));

    await expect(started).rejects.toMatchObject({
      message: 'Python is not set up on this machine.',
      hint: expect.stringContaining('npm start'),
    });
  });

  it('goes on after a restart with what a closing pipeline left', async () => {
    const folder = temporaryFolder();
    const before = makeJobRunner({ folder, policy: { maxConcurrentJobs: 1 } });
    const job = aScriptSpec('resumes');
    const queued = aScriptSpec('completes');
    await before.runner.start(job);
    await before.runner.start(queued);
    await before.until(job.name, isAtStep(2));

    await before.runner.close();
    const between = await before.runner.describe(job.name);
    const after = makeJobRunner({ folder });
    await after.runner.recover();
    const ended = await after.until(job.name, hasEnded);

    expect(between).toMatchObject({ status: 'InProgress', secondaryStatus: 'Interrupted' });
    expect(between?.interruptions).toHaveLength(1);
    expect(ended.status).toBe('Completed');
    expect(ended.interruptions).toHaveLength(1);
    expect(ended.interruptions[0]?.resumedFromStep).toBe(ended.interruptions[0]?.atStep);
    expect(ended.runningSeconds).toBeGreaterThan(between?.runningSeconds ?? Number.NaN);
    expect((await after.until(queued.name, hasEnded)).status).toBe('Completed');
  });

  it.each([
    ['dies with its pipe', 'endless'],
    ['outlives the pipeline', 'quiet'],
  ])('goes on after kill -9 with a job whose script %s', async (_, behaviour) => {
    const folder = temporaryFolder();
    const { name } = aJobSpec();
    await killPipeline(folder, [behaviour, python]);

    const { runner, until, database } = makeJobRunner({ folder });
    const orphan = createJobStore({ database }).get(name).process;
    const lost = await runner.describe(name);
    await runner.recover();
    const resumed = await until(name, (job) => job.interruptions[0]?.resumedAt != null);
    const successor = createJobStore({ database }).get(name).process;

    expect(lost).toMatchObject({ status: 'InProgress', secondaryStatus: 'Training' });
    expect(orphan !== null && isRunning(orphan)).toBe(false);
    expect(successor !== null && isRunning(successor)).toBe(true);
    expect(resumed.interruptions).toMatchObject([
      { atStep: lost?.progress?.step, resumedFromStep: behaviour === 'quiet' ? 7 : 0 },
    ]);
    expect(resumed.waitingSeconds).toBeLessThan(0.5);
  });

  it('ends a job that was being stopped when the pipeline was killed', async () => {
    const folder = temporaryFolder();
    const before = makeJobRunner({ folder });
    const job = aScriptSpec('endless');
    await before.runner.start(job);
    await before.until(job.name, isAtStep(1));
    await before.runner.close();
    const store = createJobStore({ database: before.database });
    store.save({ ...store.get(job.name), status: 'Stopping', secondaryStatus: 'Stopping' });

    const after = makeJobRunner({ folder });
    await after.runner.recover();
    const ended = await after.until(job.name, hasEnded);

    expect(ended).toMatchObject({ status: 'Stopped', secondaryStatus: 'Stopped' });
  });

  it('removes inputs and model copies of a completed job, and keeps its log', async () => {
    const { runner, until, folder } = makeJobRunner();
    const job = aScriptSpec('completes');

    await runner.start(job);
    await until(job.name, hasEnded);
    await runner.close();

    const root = join(folder, 'work/jobs', job.name);
    expect(
      ['input', 'model', 'output', 'log.txt'].map((each) => existsSync(join(root, each))),
    ).toEqual([false, false, false, true]);
  });
});
