import type { Channel, CreateTrainingJobRequest } from '@aws-sdk/client-sagemaker';
import type { JobSpec } from '../../core/ports.ts';
import { s3Uri } from '../s3-artifact-store.ts';
import { toTags } from '../tags.ts';
import { checkpointKey } from './checkpoint-key.ts';

export interface TrainingSettings {
  readonly bucket: string;
  readonly roleArn: string;
  /** Artifact prefix of the folder `training`, ending in `/`; another content, another prefix. */
  readonly codePrefix: string;
  readonly images: {
    train(recipe: string): string;
    evaluate(recipe: string): string;
  };
  readonly tags: Readonly<Record<string, string>>;
}

/** Disk of the machine in GB, where it has no instance store of its own. */
const VOLUME_GB = 30;
const CODE_FOLDER = '/opt/ml/input/data/code';

/**
 * The figures of our progress lines. SageMaker turns every match into a CloudWatch metric; a regex
 * has at most 500 characters and one group (MetricDefinition).
 */
const metricDefinitions = [
  { Name: 'step', Regex: '"event": "progress", "step": ([0-9]+)' },
  { Name: 'total', Regex: '"event": "progress", .*"total": ([0-9]+)' },
  { Name: 'epoch', Regex: '"event": "progress", .*"epoch": ([0-9.]+)' },
  { Name: 'loss', Regex: '"event": "progress", .*"loss": ([0-9.eE+-]+)' },
  {
    Name: 'samples_per_second',
    Regex: '"event": "progress", .*"samples_per_second": ([0-9.eE+-]+)',
  },
];

/** What CreateTrainingJob is asked; the same spec, the same request. */
export function toTrainingRequest(
  spec: JobSpec,
  settings: TrainingSettings,
): CreateTrainingJobRequest {
  const { bucket, codePrefix, images } = settings;
  const image = spec.kind === 'train' ? images.train(spec.recipe) : images.evaluate(spec.recipe);
  return {
    TrainingJobName: spec.name,
    RoleArn: settings.roleArn,
    AlgorithmSpecification: {
      TrainingImage: image,
      TrainingInputMode: 'File',
      // Our script becomes process 1: no source archive, and SIGTERM reaches it.
      ContainerEntrypoint: ['python3', `${CODE_FOLDER}/run_script.py`, spec.script],
      MetricDefinitions: metricDefinitions,
    },
    HyperParameters: { ...spec.hyperparameters },
    InputDataConfig: [
      toChannel('code', s3Uri(bucket, codePrefix)),
      ...Object.entries(spec.channels).map(([name, key]) => toChannel(name, s3Uri(bucket, key))),
    ],
    OutputDataConfig: { S3OutputPath: withoutSlash(s3Uri(bucket, spec.outputPrefix)) },
    ...(spec.checkpointPrefix === null
      ? {}
      : {
          CheckpointConfig: {
            S3Uri: withoutSlash(s3Uri(bucket, checkpointKey(spec.checkpointPrefix))),
            LocalPath: '/opt/ml/checkpoints',
          },
        }),
    ResourceConfig: {
      InstanceType: spec.instanceType as never,
      InstanceCount: 1,
      VolumeSizeInGB: VOLUME_GB,
    },
    EnableManagedSpotTraining: spec.spot,
    StoppingCondition: {
      MaxRuntimeInSeconds: Math.ceil(spec.maxRuntimeSeconds),
      // Waiting and running together; only allowed for Spot, and not below the run time.
      ...(spec.spot
        ? {
            MaxWaitTimeInSeconds: Math.ceil(Math.max(spec.maxWaitSeconds, spec.maxRuntimeSeconds)),
          }
        : {}),
    },
    Environment: { PYTHONUNBUFFERED: '1', MLOPS_RUN: spec.runId, MLOPS_MODEL: spec.model },
    Tags: toTags({ ...settings.tags, run: spec.runId, model: spec.model, kind: spec.kind }),
  };
}

/**
 * File mode: every file is small, or read as a whole (model archives). FastFile saves time only
 * for large files that are read in a stream, and may not be read at random on all file systems.
 */
function toChannel(name: string, uri: string): Channel {
  return {
    ChannelName: name,
    InputMode: 'File',
    DataSource: {
      S3DataSource: {
        // A key is the prefix of itself: one file arrives under its own name.
        S3DataType: 'S3Prefix',
        S3Uri: uri,
        S3DataDistributionType: 'FullyReplicated',
      },
    },
  };
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/$/, '');
}
