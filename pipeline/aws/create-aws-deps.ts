import type { Config } from '../core/config.ts';
import type { Clock } from '../core/ports.ts';
import type { Recipe } from '../core/python-contract.ts';
import type { FlowDeps, Pace } from '../flow/flow-deps.ts';
import type { AwsClients } from './clients.ts';
import { createDynamoAlertStore } from './dynamo-alert-store.ts';
import { createDynamoAuditLog } from './dynamo-audit-log.ts';
import { createDynamoCallbackStore } from './dynamo-callback-store.ts';
import { createDynamoGateLedgers } from './dynamo-gate-ledgers.ts';
import { createDynamoLeases } from './dynamo-leases.ts';
import { createDynamoRunStore } from './dynamo-run-store.ts';
import { createEndpointLogSetup, type EndpointLogSetup } from './endpoint/endpoint-log.ts';
import { createEventBridgeBus } from './event-bridge-bus.ts';
import { type CloudWatchLogsReader, createCloudWatchLogsReader } from './job-runner/job-logs.ts';
import { createLambdaDatasetPreparer } from './lambda-dataset-preparer.ts';
import { createLambdaExecutions } from './lambda-executions.ts';
import { createS3ArtifactStore } from './s3-artifact-store.ts';
import { createSageMakerEndpointHost } from './sagemaker-endpoint-host.ts';
import { createSageMakerJobRunner } from './sagemaker-job-runner.ts';
import { createSageMakerModelRegistry } from './sagemaker-model-registry.ts';
import { type AwsSettings, imageOf } from './settings.ts';

/**
 * Polls cost a Lambda invocation and durable operations, of which an execution may have 3,000.
 * Events resume a parked run; polls only matter when one was lost.
 */
const awsPace: Pace = { jobPoll: 300, endpointPoll: 60, leasePoll: 300, watchCheck: 120 };

export interface AwsExtras {
  /** `mlops.config.ts`, and the recipes it names. */
  readonly config: Config;
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly clock?: Clock;
  readonly pace?: Partial<Pace>;
  /** Replaces CloudWatch Logs. */
  readonly cloudWatchLogs?: CloudWatchLogsReader & EndpointLogSetup;
}

/** Every adapter of the pipeline on AWS, for the settings of one stage. Opens no connection. */
export function createAwsDeps(
  settings: AwsSettings,
  clients: AwsClients,
  extras: AwsExtras,
): Omit<FlowDeps, 'logError'> {
  const { config, recipes, clock = { now: () => new Date() }, pace } = extras;
  const { region, bucket, tableName, tags } = settings;
  const table = { client: clients.dynamo, tableName };
  const cloudWatchLogs = extras.cloudWatchLogs ?? {
    ...createCloudWatchLogsReader(clients.cloudWatchLogs),
    ...createEndpointLogSetup(clients.cloudWatchLogs),
  };
  const inferenceImage = (recipe: string) =>
    imageOf(settings.inferenceImages, recipe, 'evaluation and serving');
  return {
    config,
    recipes,
    clock,
    runs: createDynamoRunStore(table),
    callbacks: createDynamoCallbackStore(table),
    leases: createDynamoLeases(table),
    executions: createLambdaExecutions({
      client: clients.lambda,
      functionName: settings.pipelineFunction,
    }),
    artifacts: createS3ArtifactStore({ client: clients.s3, bucket }),
    preparer: createLambdaDatasetPreparer({
      client: clients.prepareLambda,
      functionName: settings.prepareFunction,
      bucket,
    }),
    jobs: createSageMakerJobRunner({
      sagemaker: clients.sageMaker,
      s3: clients.s3,
      cloudWatchLogs,
      bucket,
      roleArn: settings.jobRoleArn,
      codePrefix: settings.codePrefix,
      images: {
        train: (recipe) => imageOf(settings.trainingImages, recipe, 'training'),
        evaluate: inferenceImage,
      },
      tags,
      clock,
    }),
    registry: createSageMakerModelRegistry({
      client: clients.sageMaker,
      bucket,
      groupName: (model) => model,
      tags,
      inferenceImage,
    }),
    endpoints: createSageMakerEndpointHost({
      sagemaker: clients.sageMaker,
      runtime: clients.sageMakerRuntime,
      cloudwatch: clients.cloudWatch,
      logs: cloudWatchLogs,
      logRetentionDays: settings.logRetentionDays,
      roleArn: settings.endpointRoleArn,
      image: inferenceImage,
      bucket,
      region,
      tags,
      clock,
    }),
    ledgers: createDynamoGateLedgers(table),
    alerts: createDynamoAlertStore(table),
    audit: createDynamoAuditLog(table),
    bus: createEventBridgeBus({ client: clients.eventBridge, busName: settings.busName }),
    // Half is left for the stages that cannot stop in the middle.
    pace: { ...awsPace, mostSeconds: settings.longestRunSeconds / 2, ...pace },
  };
}
