import type { NewFile } from './data-contract/data-policy.ts';
import type { Person, RunId } from './run.ts';

/** Names and keys shared by the pipeline, the infrastructure and the tests. */

/** Of a person, in a key. */
const MAX_NAME = 80;

/** SageMaker job names: at most 63 of `[a-zA-Z0-9-]` (CreateTrainingJob). */
export function jobName(runId: RunId, kind: 'train' | 'evaluate', attempt: number): string {
  return `${runId}-${kind}-${attempt}`;
}

/** The run a job belongs to; null for a job that is not ours. */
export function runOfJob(name: string): RunId | null {
  return /^(.+)-(?:train|evaluate)-\d+$/.exec(name)?.[1] ?? null;
}

/** The model of a run, whose id is `<model>-` and eight letters or digits (`flow/run-id.ts`). */
export function modelOfRun(runId: RunId): string {
  return runId.slice(0, runId.lastIndexOf('-'));
}

const RECOVERY = '-recovery';
/** A run's name ends with eight letters or digits, so a shorter number is that of a part. */
const PART = /^(.+)-(\d{1,4})$/;

/** The execution of a part of a run: the first has the run's name, see `Run.continuation`. */
export function executionOf(runId: RunId, part: number): string {
  return part === 1 ? runId : `${runId}-${part}`;
}

/** The execution that takes care of a run whose own was cut off. */
export function recoveryOf(runId: RunId): string {
  return `${runId}${RECOVERY}`;
}

export function isRecovery(executionName: string): boolean {
  return executionName.endsWith(RECOVERY);
}

export function runOfExecution(name: string): RunId {
  if (isRecovery(name)) return name.slice(0, -RECOVERY.length);
  return PART.exec(name)?.[1] ?? name;
}

export function partOfExecution(name: string): number {
  return Number(PART.exec(name)?.[2] ?? 1);
}

/** Stable across versions, so that callers never change their address. */
export function endpointName(model: string): string {
  return model;
}

/** An endpoint configuration is immutable: it names the version and the run that deployed it. */
export function endpointConfigName(model: string, version: number, runId: RunId): string {
  return `${model}-v${version}-${runId.slice(-8)}`;
}

/** The version an endpoint configuration serves; null when the name is not ours. */
export function versionOfConfig(configName: string): number | null {
  const digits = /-v(\d+)-[a-z0-9]+$/.exec(configName)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The run that deployed an endpoint configuration of the model; null when the name is not ours. */
export function runOfConfig(model: string, configName: string): RunId | null {
  const letters = /-v\d+-([a-z0-9]+)$/.exec(configName)?.[1];
  return letters === undefined ? null : `${model}-${letters}`;
}

export const keys = {
  /** Where people and systems put datasets; their arrival starts a run. */
  inbox: (model: string, fileName: string, newFile?: NewFile) =>
    newFile === undefined ? `inbox/${model}/${fileName}` : `inbox/${model}/${newFile}/${fileName}`,
  /** Files that people shared in Slack. Only the function that talks to Slack may write here. */
  slackInboxes: 'slack-inbox/',
  /** The same as in the inbox, and who shared it. */
  slackInbox: (
    model: string,
    fileName: string,
    by: Pick<Person, 'id' | 'name'>,
    newFile?: NewFile,
  ) => {
    // Half of a surrogate pair cannot be encoded.
    const name = [...by.name]
      .slice(0, MAX_NAME)
      .join('')
      .replace(/\p{Surrogate}/gu, '');
    const who = `${by.id}/${encodeURIComponent(name)}`;
    return `slack-inbox/${model}/${who}/${newFile === undefined ? '' : `${newFile}/`}${fileName}`;
  },
  /** `base-models/<name>/`: pretrained models that people put there; runs only read them. */
  baseModels: 'base-models/',
  /** A dataset as it was dropped; `version` is from its content. */
  dataset: (model: string, version: string, fileName: string) =>
    `datasets/${model}/${version}/${fileName}`,
  datasets: (model: string) => `datasets/${model}/`,
  /** A row that a person corrected; `input` is a digest of what the model was asked. */
  correction: (model: string, input: string) => `corrections/${model}/${input}.json`,
  corrections: (model: string) => `corrections/${model}/`,
  prepared: (runId: RunId) => `runs/${runId}/prepared/`,
  /** Held-out rows of the run that earlier versions were trained on. */
  seenRows: (runId: RunId) => `runs/${runId}/prepared/seen.json`,
  heldOutRows: (runId: RunId) => `runs/${runId}/prepared/test.jsonl`,
  /** What the data of the run looked like, for comparison with that of later runs. */
  dataProfile: (runId: RunId) => `runs/${runId}/data-profile.json`,
  /** What to know about the version that the run registered. */
  modelCard: (runId: RunId, format: 'json' | 'md') => `runs/${runId}/model-card.${format}`,
  jobOutput: (runId: RunId) => `runs/${runId}/jobs/`,
  checkpoints: (runId: RunId) => `runs/${runId}/checkpoints/`,
  /** Where S3 has them, because its rules that delete go by the start of a key. */
  expiringCheckpoints: 'checkpoints/',
  evaluation: (runId: RunId, file: string) => `runs/${runId}/evaluation/${file}`,
} as const;
