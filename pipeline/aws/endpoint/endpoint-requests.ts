import type { CreateEndpointConfigInput, CreateModelInput, Tag } from '@aws-sdk/client-sagemaker';
import type { EndpointConfig } from '../../core/ports.ts';
import { s3Uri } from '../s3-artifact-store.ts';
import { toTags } from '../tags.ts';

export interface ServingSettings {
  readonly bucket: string;
  readonly roleArn: string;
  /** Inference image of a recipe; of AWS, or of an ECR repository in the same account. */
  image(recipe: string): string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The only variant: Serverless endpoints take one. Metrics carry its name. */
export const VARIANT = 'AllTraffic';

/** A Serverless container may take at most 6 GB; more than one worker would load the model twice. */
const oneWorker = {
  SAGEMAKER_MODEL_SERVER_WORKERS: '1',
  MMS_DEFAULT_WORKERS_PER_MODEL: '1',
  TS_DEFAULT_WORKERS_PER_MODEL: '1',
  OMP_NUM_THREADS: '1',
};

/** Serverless takes an archive (`ModelDataUrl`), never a prefix (`ModelDataSource`). */
export function toModelRequest(
  config: EndpointConfig,
  settings: ServingSettings,
): CreateModelInput {
  return {
    ModelName: config.configName,
    ExecutionRoleArn: settings.roleArn,
    PrimaryContainer: {
      Image: settings.image(config.recipe),
      Mode: 'SingleModel',
      ModelDataUrl: s3Uri(settings.bucket, config.artifactKey),
      Environment: {
        ...oneWorker,
        SAGEMAKER_PROGRAM: 'inference.py',
        SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
        /** Whose counts a line in the log has, see `input-reports.ts`. */
        MLOPS_CONFIG: config.configName,
      },
    },
    Tags: tagsOf(config, settings),
  };
}

export function toEndpointConfigRequest(
  config: EndpointConfig,
  settings: ServingSettings,
): CreateEndpointConfigInput {
  return {
    EndpointConfigName: config.configName,
    ProductionVariants: [
      {
        VariantName: VARIANT,
        ModelName: config.configName,
        ServerlessConfig: {
          MemorySizeInMB: config.memoryMB,
          MaxConcurrency: config.maxConcurrency,
        },
      },
    ],
    Tags: tagsOf(config, settings),
  };
}

export function endpointTags(endpointName: string, settings: ServingSettings): Tag[] {
  return toTags({ ...settings.tags, model: endpointName });
}

function tagsOf({ model, version }: EndpointConfig, settings: ServingSettings): Tag[] {
  return toTags({ ...settings.tags, model, version: String(version) });
}
