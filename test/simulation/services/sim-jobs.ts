import { createHash } from 'node:crypto';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { keys } from '../../../pipeline/core/names.ts';
import type {
  ArtifactStore,
  JobDescription,
  JobRunner,
  JobSpec,
} from '../../../pipeline/core/ports.ts';
import type { RunId } from '../../../pipeline/core/run.ts';
import { evaluationOutputs, trainingOutputs } from '../../flow/job-outputs.ts';
import type { Choices } from '../engine/choices.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Share of held-out rows a model gets right, and how likely a training ends there. */
const qualities = [0.95, 0.95, 0.95, 0.97, 0.9, 0.6] as const;

export interface SimulatedJobs extends JobRunner {
  /** Called after every change of a job, as EventBridge would. */
  onChange(listener: (name: string) => void): void;
  /** Names of jobs that have a machine or wait for one. */
  active(): readonly string[];
  /** Names of the jobs of this run that are at work and that nobody has stopped. */
  unstopped(runId: RunId): readonly string[];
  /** Share of held-out rows the model in this archive gets right. */
  quality(artifactKey: string): number;
}

interface SimulatedJob {
  readonly spec: JobSpec;
  description: JobDescription;
  outputs: Readonly<Record<string, string>>;
}

/**
 * Training jobs as SageMaker runs them: they wait for Spot capacity, perhaps in vain, are
 * interrupted and resumed, take minutes, and fail now and then.
 */
export function createSimulatedJobs(options: {
  readonly choices: Choices;
  readonly time: VirtualTime;
  readonly artifacts: ArtifactStore;
}): SimulatedJobs {
  const { choices, time, artifacts } = options;
  const jobs = new Map<string, SimulatedJob>();
  const listeners: ((name: string) => void)[] = [];
  const instant = () => time.clock.now().toISOString();

  function change(name: string, changes: Partial<JobDescription>): void {
    const job = jobs.get(name);
    if (job === undefined || hasEnded(job)) return;
    job.description = { ...job.description, ...changes };
    for (const listener of listeners) listener(name);
  }

  function quality(artifactKey: string): number {
    const run = artifactKey.split('/')[1] ?? '';
    return choicesOfRun.get(run) ?? 0.95;
  }
  const choicesOfRun = new Map<string, number>();

  async function complete({ spec }: SimulatedJob): Promise<void> {
    if (spec.kind === 'evaluate') {
      const { candidate = '', production, anchor } = spec.channels;
      finish(
        spec.name,
        'Completed',
        {},
        scores({
          candidate: quality(candidate),
          production: production === undefined ? null : quality(production),
          ...(anchor === undefined ? {} : { anchor: quality(anchor) }),
        }),
      );
      return;
    }
    const key = `${keys.jobOutput(spec.runId)}model.tar.gz`;
    await artifacts.put(key, spec.runId);
    choicesOfRun.set(spec.runId, choices.pick(`quality of ${spec.runId}`, qualities));
    const sha256 = createHash('sha256').update(spec.runId).digest('hex');
    const modelArtifact = { key, sha256, bytes: spec.runId.length };
    finish(spec.name, 'Completed', { modelArtifact }, trainingOutputs());
  }

  function finish(
    name: string,
    status: JobDescription['status'],
    changes: Partial<JobDescription>,
    outputs: Readonly<Record<string, string>> = {},
  ): void {
    const job = jobs.get(name);
    if (job === undefined || hasEnded(job)) return;
    job.outputs = outputs;
    change(name, { secondaryStatus: status, ...changes, status });
  }

  /** Everything that will happen to the job, unless it is stopped before. */
  function plan(job: SimulatedJob): void {
    const { name, kind, spot, maxWaitSeconds } = job.spec;
    const label = `job ${name}`;
    if (spot && choices.chance(`${label}: no capacity`, 0.06)) {
      time.after(maxWaitSeconds * SECOND, () =>
        finish(name, 'Stopped', { secondaryStatus: 'MaxWaitTimeExceeded' }),
      );
      return;
    }
    const patience = choices.chance(`${label}: long wait`, 0.1) ? 40 : 3;
    let at = choices.fraction(`${label}: waiting`) * patience * MINUTE;
    const interruptions = spot ? choices.pick(`${label}: interruptions`, [0, 0, 0, 1, 2]) : 0;
    const working =
      (kind === 'train' ? 12 : 4) * MINUTE * (0.3 + choices.fraction(`${label}: working`));
    at += working * 0.1;
    // Each report wakes the run, at a price in time: as few as interruptions need.
    const reports = Math.max(1, interruptions);
    for (let i = 1; i <= reports; i++) {
      const step = i * 30;
      at += (working * 0.6) / reports;
      time.after(at, () => progress(name, step));
      if (i <= interruptions) at = interrupt(name, step, at, label);
    }
    at += working * 0.3;
    time.after(at, () => {
      const end = choices.fraction(`${label}: end`);
      const running = { runningSeconds: Math.round(working / SECOND) };
      if (end < 0.07)
        finish(name, 'Failed', { ...running, failureReason: 'ValueError: a defect of the recipe' });
      else if (end < 0.1)
        finish(name, 'Stopped', { ...running, secondaryStatus: 'MaxRuntimeExceeded' });
      else void complete(job);
    });
  }

  function progress(name: string, step: number): void {
    change(name, {
      progress: { event: 'progress', step, total: 100 },
      progressAt: instant(),
      secondaryStatus: 'Training',
      runningSeconds: 1,
    });
  }

  /** Returns when the job is at work again. */
  function interrupt(name: string, atStep: number, at: number, label: string): number {
    const back = at + 30 * SECOND + choices.fraction(`${label}: without machine`) * 10 * MINUTE;
    time.after(at + SECOND, () => {
      const interruption = { atStep, at: instant(), resumedFromStep: null, resumedAt: null };
      const before = jobs.get(name)?.description.interruptions ?? [];
      change(name, { secondaryStatus: 'Interrupted', interruptions: [...before, interruption] });
    });
    time.after(back, () => {
      const interruptions = (jobs.get(name)?.description.interruptions ?? []).map((each) =>
        each.resumedAt === null ? { ...each, resumedFromStep: atStep, resumedAt: instant() } : each,
      );
      change(name, { secondaryStatus: 'Training', interruptions });
    });
    return back;
  }

  return {
    codeVersion: async () => 'c0de0fthetests00',
    async start(spec) {
      if (jobs.has(spec.name)) return;
      if (choices.disturbs(`quota for ${spec.name}`, 0.01)) {
        throw new MlopsError('QUOTA_EXCEEDED', 'The account may have 0 of these machines.');
      }
      const job = { spec, description: starting(spec.name), outputs: {} };
      jobs.set(spec.name, job);
      plan(job);
    },
    describe: async (name) => jobs.get(name)?.description ?? null,
    async stop(name) {
      if (jobs.get(name)?.description.status !== 'InProgress') return;
      change(name, { status: 'Stopping', secondaryStatus: 'Stopping' });
      time.after(20 * SECOND, () => finish(name, 'Stopped', {}));
    },
    async output(name, fileName) {
      const text = jobs.get(name)?.outputs[fileName];
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    logs: async () => [],
    onChange: (listener) => void listeners.push(listener),
    active: () => [...jobs.values()].filter((job) => !hasEnded(job)).map(({ spec }) => spec.name),
    unstopped: (runId) =>
      [...jobs.values()]
        .filter(
          ({ spec, description }) => spec.runId === runId && description.status === 'InProgress',
        )
        .map(({ spec }) => spec.name),
    quality,
  };
}

const hasEnded = ({ description: { status } }: SimulatedJob) =>
  status === 'Completed' || status === 'Failed' || status === 'Stopped';

const starting = (name: string): JobDescription => ({
  name,
  status: 'InProgress',
  secondaryStatus: 'Starting',
  progress: null,
  progressAt: null,
  interruptions: [],
  failureReason: null,
  runningSeconds: 0,
  waitingSeconds: 0,
  modelArtifact: null,
});

const remembered = new Map<string, Readonly<Record<string, string>>>();

/** The files of an evaluation; the same figures come up all the time. */
function scores(shares: Parameters<typeof evaluationOutputs>[0]): Readonly<Record<string, string>> {
  const key = JSON.stringify(shares);
  const outputs = remembered.get(key) ?? evaluationOutputs({ ...shares, rows: 200 });
  remembered.set(key, outputs);
  return outputs;
}
