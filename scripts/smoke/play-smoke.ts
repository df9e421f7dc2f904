import { isWaitingForApproval } from '../../bot/blocks/headline.ts';
import type { ModelConfig } from '../../pipeline/core/config.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../pipeline/core/ports.ts';
import { hasEnded, type Run, type RunId } from '../../pipeline/core/run.ts';
import type { StageCommands } from './ask-stage.ts';
import { smokeDataset } from './smoke-dataset.ts';
import type { SmokeStage } from './smoke-stage.ts';
import { SmokeFailure, type Steps } from './steps.ts';

/** What the smoke test has made, for the clean-up; filled in as it goes. */
export interface Made {
  file: { readonly bucket: string; readonly key: string } | null;
  readonly fileName: string;
  readonly runs: Set<RunId>;
}

export interface SmokeOptions {
  readonly stage: Pick<SmokeStage, 'inbox' | 'put'>;
  readonly commands: StageCommands;
  readonly steps: Steps;
  readonly model: string;
  readonly config: ModelConfig;
  /** How long a person may take to approve in Slack; 0: nobody is asked. */
  readonly approvalMinutes: number;
  readonly now: () => Date;
  readonly made: Made;
}

/** A cold start, EventBridge and a durable execution. */
const START_MINUTES = 5;
/** Besides the jobs: their machines, the gate, the registry. */
const OTHER_MINUTES = 30;

const log = (name: string) => `the log group of the function “${name}”`;

/**
 * The shortest history of a model: a file in the inbox starts a run, which is stopped; the same data
 * is trained on an on-demand machine, evaluated, judged and registered; if a person approves in Slack,
 * the version goes live and is watched. Throws what broke, after its step was printed.
 */
export async function playSmoke(options: SmokeOptions): Promise<readonly Run[]> {
  const { stage, commands, steps, model, config, made } = options;
  const { bucket, prefix } = await steps.play(
    { title: 'Read the outputs of the stage', lookAt: 'CloudFormation in the AWS console' },
    async () => {
      const value = await stage.inbox();
      return { value, found: `s3://${value.bucket}/${value.prefix}` };
    },
  );
  await steps.play(
    { title: `Ask for the status of ${model}`, lookAt: log('commands') },
    async () => ({ value: requireIdle(model, await statusOf(commands, model)) }),
  );
  await steps.play(
    { title: 'Upload a dataset to the inbox', lookAt: 'your permission s3:PutObject' },
    async () => {
      made.file = { bucket, key: `${prefix}${model}/${made.fileName}` };
      const body = smokeDataset(config);
      await stage.put(bucket, made.file.key, body);
      return { value: null, found: `${body.length} bytes, ${made.fileName}` };
    },
  );
  const dropped = await steps.play(
    {
      title: 'See the run that the inbox started',
      lookAt: `${log('ingest')} and its queue of dead letters`,
    },
    async () => {
      const value = await commands.until('A run of the file', START_MINUTES, async () =>
        runOfFile(await commands.ask<readonly Run[]>(['runs', model]), made),
      );
      return { value, found: value.id };
    },
  );
  const stopped = await steps.play(
    { title: 'Stop it', lookAt: `${log('pipeline')}, execution ${dropped.id}` },
    async () => {
      await commands.ask(['stop', dropped.id]);
      const value = await commands.ended(dropped.id, START_MINUTES + OTHER_MINUTES);
      return { value, found: String(value.outcome) };
    },
  );
  const trained = await train(options, dropped);
  await steps.play(
    { title: 'Read the log of its training', lookAt: `${log('commands')} and CloudWatch Logs` },
    async () => {
      const { lines } = await commands.ask<{ lines: readonly string[] }>([
        'logs',
        trained.id,
        'train',
      ]);
      if (lines.length === 0) throw new SmokeFailure('The training has printed nothing.');
      return { value: null, found: `${lines.length} lines` };
    },
  );
  await steps.play(
    { title: 'Find the version in the registry', lookAt: `${log('pipeline')}, stage register` },
    async () => {
      const { versions } = await commands.ask<Listed>(['versions', model]);
      if (!versions.some(({ version }) => version === trained.version)) {
        throw new SmokeFailure(`v${trained.version} is not among the versions of ${model}.`);
      }
      return { value: null, found: `v${trained.version}` };
    },
  );
  return [stopped, await deploy(options, trained)];
}

/** The data of the command `versions`. */
interface Listed {
  readonly versions: readonly Pick<RegisteredVersion, 'version'>[];
}

/** The status of the model; it must have nothing that the test could disturb. */
function requireIdle(model: string, { production, endpoint, activeRuns }: ModelStatus): null {
  if (production !== null || endpoint !== null) {
    throw new SmokeFailure(`${model} is live on this stage. Choose another with --model.`);
  }
  if (activeRuns.length > 0) {
    throw new SmokeFailure(`${model} has active runs. Stop them, or wait, and try again.`);
  }
  return null;
}

export async function statusOf(commands: StageCommands, model: string): Promise<ModelStatus> {
  const [status] = await commands.ask<readonly ModelStatus[]>(['status', model]);
  if (status === undefined) throw new SmokeFailure(`The stage does not know ${model}.`);
  return status;
}

function runOfFile(runs: readonly Run[], made: Made): Run | null {
  const run = runs.find(({ dataset }) => dataset?.fileName === made.fileName) ?? null;
  if (run !== null) made.runs.add(run.id);
  return run;
}

async function train(options: SmokeOptions, { dataset }: Run): Promise<Run> {
  const { commands, steps, model, config, made } = options;
  const minutes = 2 * config.training.maxRuntimeMinutes + OTHER_MINUTES;
  return steps.play(
    {
      title: 'Train, evaluate and judge on an on-demand machine',
      lookAt: `npx mlops --stage <stage> why <run> and logs <run>, then ${log('pipeline')}`,
    },
    async () => {
      const { run } = await commands.ask<{ run: Run }>([
        'retrain',
        model,
        `dataset=${dataset?.version}`,
        'spot=false',
        'reason=smoke test',
      ]);
      made.runs.add(run.id);
      const value = await follow(options, run.id, minutes, (now) => {
        return hasEnded(now) || isWaitingForApproval(now);
      });
      requireUnbroken(value);
      return { value, found: `${value.id}, v${value.version}` };
    },
  );
}

async function deploy(options: SmokeOptions, trained: Run): Promise<Run> {
  const { commands, steps, model, config, approvalMinutes } = options;
  const approved = await steps.play(
    {
      title: 'Wait for an approval in Slack',
      lookAt: `${log('slack')}, ${log('announce')} and npx mlops doctor`,
    },
    async () => {
      if (!isWaitingForApproval(trained)) return { value: true, found: 'not needed' };
      if (approvalMinutes === 0) return { value: false, skipped: true, found: 'no one was asked' };
      const { value } = await commands
        .until('An approval', approvalMinutes, async () => {
          const now = await commands.run(trained.id);
          return isWaitingForApproval(now) ? null : { value: true };
        })
        .catch((error: unknown) => {
          if (error instanceof SmokeFailure) return { value: false };
          throw error;
        });
      return value
        ? { value, found: 'given' }
        : { value, skipped: true, found: `none within ${approvalMinutes} minutes` };
    },
  );
  const step = {
    title: 'Deploy it and watch it',
    lookAt: `npx mlops --stage <stage> why ${trained.id}, then the endpoint in SageMaker`,
  };
  return steps.play(step, async () => {
    if (!approved) return { value: trained, skipped: true, found: 'without an approval' };
    const minutes = config.watch.minutes + OTHER_MINUTES;
    const value = await follow(options, trained.id, minutes, hasEnded);
    requireUnbroken(value);
    if (value.outcome !== 'deployed') throw new SmokeFailure(`It ended as ${value.outcome}.`);
    const { production } = await statusOf(commands, model);
    if (production?.version.version !== value.version) {
      throw new SmokeFailure(`The status does not show v${value.version} in production.`);
    }
    return { value, found: `v${value.version} was live` };
  });
}

/** Looks at the run until it `is` so, and prints each stage that has ended meanwhile. */
async function follow(
  { commands, steps }: SmokeOptions,
  id: RunId,
  minutes: number,
  is: (run: Run) => boolean,
): Promise<Run> {
  const printed = new Set<string>();
  return commands.until(`The next state of ${id}`, minutes, async () => {
    const run = await commands.run(id);
    for (const { name, status, startedAt, endedAt } of run.stages) {
      if (status !== 'succeeded' || printed.has(name)) continue;
      printed.add(name);
      const [from, to] = [Date.parse(startedAt ?? ''), Date.parse(endedAt ?? '')];
      steps.note(name, Math.max(0, to - from || 0) / 1000);
    }
    return is(run) ? run : null;
  });
}

function requireUnbroken({ id, outcome, failure, version }: Run): void {
  if (failure !== null) {
    throw new SmokeFailure([`${id}: ${failure.message}`, failure.hint].filter(Boolean).join(' '));
  }
  if (version === null) throw new SmokeFailure(`${id} ended as ${outcome}, without a version.`);
}
