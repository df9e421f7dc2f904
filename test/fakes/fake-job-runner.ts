import type { JobDescription, JobRunner, JobSpec } from '../../pipeline/core/ports.ts';
import type { FakeClock } from './fake-clock.ts';
import { unset } from './unset.ts';

/** What becomes of a job; seconds are reported, not waited for. */
export type JobOutcome =
  | {
      readonly status: 'Completed';
      readonly outputs?: Readonly<Record<string, string>>;
      readonly modelArtifact?: JobDescription['modelArtifact'];
      readonly runningSeconds?: number;
      readonly waitingSeconds?: number;
    }
  | { readonly status: 'Failed'; readonly reason: string }
  /** Spot capacity never came. */
  | { readonly status: 'MaxWaitTimeExceeded' }
  | { readonly status: 'MaxRuntimeExceeded' };

/** A function answers per job; `'running'` leaves the job to the test's later calls. */
export type JobPlan = (spec: JobSpec) => JobOutcome | 'running' | Error;

export interface FakeJobRunner extends JobRunner {
  /** Specs of the started jobs, each name once. */
  readonly specs: readonly JobSpec[];
  /** Decides, when a job starts, what becomes of it; an Error is thrown by `start`. */
  plan(plan: JobPlan): void;
  progress(name: string, step: number, total: number): void;
  interrupt(name: string, atStep: number): void;
  resume(name: string, fromStep: number): void;
  end(name: string, outcome: JobOutcome): void;
  /** Called with the name of every job that changed. */
  onChange(listener: (name: string) => void): void;
}

interface FakeJob {
  description: JobDescription;
  outputs: Readonly<Record<string, string>>;
}

const fresh = (name: string): JobDescription => ({
  name,
  status: 'InProgress',
  secondaryStatus: 'Training',
  progress: null,
  progressAt: null,
  interruptions: [],
  failureReason: null,
  runningSeconds: 0,
  waitingSeconds: 0,
  modelArtifact: null,
});

/** A job runner whose jobs do exactly what the test says, at once. */
export function createFakeJobRunner({ clock }: { clock: FakeClock }): FakeJobRunner {
  const specs: JobSpec[] = [];
  const jobs = new Map<string, FakeJob>();
  const listeners: ((name: string) => void)[] = [];
  let decide: JobPlan = () => unset('what becomes of a job: call plan()');

  const at = () => clock.now().toISOString();
  const find = (name: string) => jobs.get(name) ?? unset(`a job ${name}: it was never started`);
  function change(name: string, changes: Partial<JobDescription>): void {
    const job = find(name);
    if (job.description.status !== 'InProgress') throw new Error(`The job ${name} has ended.`);
    job.description = { ...job.description, ...changes };
    for (const listener of listeners) listener(name);
  }

  const runner: FakeJobRunner = {
    specs,
    plan(plan) {
      decide = plan;
    },
    codeVersion: async () => 'c0de0fthetests00',
    async start(spec) {
      if (jobs.has(spec.name)) return;
      const outcome = decide(spec);
      if (outcome instanceof Error) throw outcome;
      specs.push(spec);
      jobs.set(spec.name, { description: fresh(spec.name), outputs: {} });
      if (outcome !== 'running') runner.end(spec.name, outcome);
    },
    async describe(name) {
      return jobs.get(name)?.description ?? null;
    },
    async stop(name) {
      if (jobs.get(name)?.description.status !== 'InProgress') return;
      change(name, { status: 'Stopped', secondaryStatus: 'Stopped' });
    },
    async output(name, fileName) {
      const text = jobs.get(name)?.outputs[fileName];
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    async logs(name, lines) {
      return jobs.has(name) && lines > 0 ? [`log of ${name}`] : [];
    },
    progress(name, step, total) {
      change(name, { progress: { event: 'progress', step, total }, progressAt: at() });
    },
    interrupt(name, atStep) {
      const interruption = { atStep, at: at(), resumedFromStep: null, resumedAt: null };
      const interruptions = [...find(name).description.interruptions, interruption];
      change(name, { secondaryStatus: 'Interrupted', interruptions });
    },
    resume(name, fromStep) {
      const interruptions = find(name).description.interruptions.map((each, index, all) =>
        index === all.length - 1 ? { ...each, resumedFromStep: fromStep, resumedAt: at() } : each,
      );
      change(name, { secondaryStatus: 'Training', interruptions });
    },
    end(name, outcome) {
      switch (outcome.status) {
        case 'Completed':
          find(name).outputs = outcome.outputs ?? {};
          return change(name, {
            status: 'Completed',
            secondaryStatus: 'Completed',
            modelArtifact: outcome.modelArtifact ?? null,
            runningSeconds: outcome.runningSeconds ?? 0,
            waitingSeconds: outcome.waitingSeconds ?? 0,
          });
        case 'Failed':
          return change(name, {
            status: 'Failed',
            secondaryStatus: 'Failed',
            failureReason: outcome.reason,
          });
        case 'MaxWaitTimeExceeded':
        case 'MaxRuntimeExceeded':
          return change(name, { status: 'Stopped', secondaryStatus: outcome.status });
      }
    },
    onChange(listener) {
      listeners.push(listener);
    },
  };
  return runner;
}
