import { describe, expect, it } from 'vitest';
import type { JobDescription, JobRunner, JobSpec } from '../../pipeline/core/ports.ts';

export interface JobRunnerHarness {
  readonly runner: JobRunner;
  /** A job that completes in three steps, fails with a reason, or never ends. */
  spec(behaviour: 'completes' | 'fails' | 'endless', overrides?: Partial<JobSpec>): JobSpec;
  /** Resolves with the first description for which `isSo` holds. */
  until(name: string, isSo: (job: JobDescription) => boolean): Promise<JobDescription>;
}

const hasEnded = (job: JobDescription) => job.status !== 'InProgress' && job.status !== 'Stopping';

/** What every {@link JobRunner} keeps. */
export function describeJobRunner(name: string, make: () => Promise<JobRunnerHarness>): void {
  describe(`JobRunner: ${name}`, () => {
    it('knows nothing of a job that was never started', async () => {
      const { runner } = await make();

      await runner.stop('unknown-train-1');

      expect(await runner.describe('unknown-train-1')).toBeNull();
      expect(await runner.output('unknown-train-1', 'metrics.json')).toBeNull();
      expect(await runner.logs('unknown-train-1', 10)).toEqual([]);
    });

    it('names the version of the code that its jobs run', async () => {
      const { runner } = await make();

      const version = await runner.codeVersion();

      expect(version).toMatch(/^[a-z0-9]{4,64}$/);
      expect(await runner.codeVersion()).toBe(version);
    });

    it('runs a job to its end and keeps its model and its output', async () => {
      const { runner, spec, until } = await make();
      const job = spec('completes');

      await runner.start(job);
      const ended = await until(job.name, hasEnded);

      expect(ended).toMatchObject({
        name: job.name,
        status: 'Completed',
        secondaryStatus: 'Completed',
        failureReason: null,
        interruptions: [],
      });
      expect(ended.modelArtifact?.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(ended.modelArtifact?.key).toBe(`${job.outputPrefix}${job.name}/output/model.tar.gz`);
      const metrics = await runner.output(job.name, 'metrics.json');
      expect(metrics && JSON.parse(new TextDecoder().decode(metrics))).toEqual({ steps: 3 });
      expect(await runner.output(job.name, 'other.json')).toBeNull();
    });

    it('gives the reason of a failed job in the words of its script', async () => {
      const { runner, spec, until } = await make();
      const job = spec('fails');

      await runner.start(job);
      const ended = await until(job.name, hasEnded);

      expect(ended).toMatchObject({ status: 'Failed', modelArtifact: null });
      expect(ended.failureReason).toContain('The column “label” has one class only.');
      expect(ended.failureReason?.length).toBeLessThanOrEqual(1024);
    });

    it('starts a job of one name once', async () => {
      const { runner, spec, until } = await make();
      const job = spec('completes');
      await runner.start(job);
      const first = await until(job.name, hasEnded);

      await runner.start(spec('fails', { name: job.name }));

      expect(await runner.describe(job.name)).toEqual(first);
    });

    it('stops a job that runs, and leaves one alone that has ended', async () => {
      const { runner, spec, until } = await make();
      const job = spec('endless');
      await runner.start(job);
      await until(job.name, ({ secondaryStatus }) => secondaryStatus === 'Training');

      await runner.stop(job.name);
      const stopped = await until(job.name, hasEnded);
      await runner.stop(job.name);

      expect(stopped).toMatchObject({
        status: 'Stopped',
        secondaryStatus: 'Stopped',
        modelArtifact: null,
      });
      expect(await runner.describe(job.name)).toEqual(stopped);
    });

    it('says little in the log unless asked for more', async () => {
      const { runner, spec, until } = await make();
      const job = spec('completes');
      await runner.start(job);
      await until(job.name, hasEnded);

      expect(await runner.logs(job.name, 1)).toHaveLength(1);
      expect(await runner.logs(job.name, 0)).toEqual([]);
    });
  });
}
