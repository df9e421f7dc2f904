import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Alias, type IVersion } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '../../pipeline/core/config.ts';
import { type CommandSources, createCommandSources } from '../api/command-sources.ts';
import { SlackApi } from '../api/slack-api.ts';
import type { Bundles } from '../bundle/bundle-all.ts';
import type { Stage } from '../config/stage.ts';
import { AnnouncementQueue } from '../events/announcement-queue.ts';
import { AnnouncementRule, InboxRule, SignalRules } from '../events/event-rules.ts';
import { Schedules } from '../events/schedules.ts';
import { environmentOf, ownAliasEnvironment } from '../functions/environment.ts';
import { LambdaFunction } from '../functions/lambda-function.ts';
import { announceAttempts, functionName } from '../names.ts';
import { Observability } from '../observability/observability.ts';
import { ServiceAlarms } from '../observability/service-alarms.ts';
import { EndpointRole } from '../permissions/endpoint-role.ts';
import { type Functions, grantEverything } from '../permissions/grant-everything.ts';
import { JobRole } from '../permissions/job-role.ts';
import { TrainingCode } from '../storage/training-code.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly config: Config;
  readonly bundles: Bundles;
  readonly bucket: IBucket;
  readonly table: ITableV2;
}

const ANNOUNCE_SECONDS = 60;
/** Events of one run arrive in bursts; one update covers them all. */
const BATCH_SECONDS = 1;
/** New runs start on this alias; older versions are kept for the runs that wait on them. */
const LIVE = 'live';

/**
 * Everything that runs: seven functions, the HTTP API for Slack, events, queues, roles and alarms.
 */
export class ServiceStack extends Stack {
  readonly functions: Functions;
  readonly commandSources: CommandSources;

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { stage, config, bundles, bucket, table, ...stackProps } = props;
    super(scope, id, stackProps);
    const models = [...new Set([...Object.keys(config.models), ...config.formerModels])];
    const node = (
      name: keyof Bundles['functions'],
      rest: Omit<ConstructorParameters<typeof LambdaFunction>[2], 'stage' | 'code'>,
    ) => new LambdaFunction(this, name, { stage, code: bundles.functions[name], ...rest });

    const bus = new EventBus(this, 'DomainEvents', {
      description: 'Events of runs and alerts.',
    }) as IEventBus;
    const { queue, deadLetters } = new AnnouncementQueue(this, 'Announcements', {
      handlerSeconds: ANNOUNCE_SECONDS,
      batchSeconds: BATCH_SECONDS,
      attempts: announceAttempts,
    });
    const observability = new Observability(this, 'Observability', { stage, config });
    const jobRole = new JobRole(this, 'Jobs', { bucket, images: stage.images }).role;
    const endpointRole = new EndpointRole(this, 'Endpoints', { bucket, images: stage.images }).role;
    const code = new TrainingCode(this, 'TrainingCode', { folder: bundles.training, bucket });

    const prepare = new LambdaFunction(this, 'prepare', {
      stage,
      description: 'Validates and splits a dataset.',
      code: bundles.prepare,
      memoryMB: 3008,
      timeoutSeconds: 300,
      python: { handler: 'prepare_lambda.handler', storageMB: 1024 },
      invokedByEvents: false,
    });
    const shared = environmentOf({
      stage,
      bucket,
      table,
      bus,
      queue,
      jobRole,
      endpointRole,
      prepare: prepare.lambda,
      codePrefix: code.prefix,
    });
    const pipeline = node('pipeline', {
      description:
        'Runs the pipeline as a durable function, from the dataset to the watched endpoint.',
      memoryMB: 1024,
      // Longer than any step: a step that Lambda cuts off would be retried forever.
      timeoutSeconds: 900,
      environment: { ...shared, ...ownAliasEnvironment(this, LIVE) },
      invokedByEvents: true,
      durable: {
        executionTimeout: Duration.days(stage.longestRunDays),
        retentionPeriod: Duration.days(30),
      },
    });
    const live = new Alias(pipeline, 'Live', {
      aliasName: LIVE,
      version: pipeline.lambda.currentVersion as IVersion,
    });
    // A run that starts on the new version finds the code that it names.
    live.node.addDependency(code);
    const environment = { ...shared, MLOPS_PIPELINE_FUNCTION: live.functionArn };
    const slack = node('slack', {
      description: 'Handles commands, clicks and events from Slack.',
      // One full vCPU: a cold start must fit into the 3 s that Slack waits.
      memoryMB: 1769,
      // Of work that Slack does not wait for: it goes on in another invocation.
      timeoutSeconds: 60,
      // The Home tab shows when each model is retrained next.
      environment: { ...environment, MLOPS_RETRAIN_SCHEDULES: JSON.stringify(stage.retrain) },
      invokedByEvents: false,
    });
    const announce = node('announce', {
      description: 'Keeps cards and threads in Slack up to date.',
      memoryMB: 1769,
      timeoutSeconds: ANNOUNCE_SECONDS,
      environment,
      invokedByEvents: false,
    });
    const ingest = node('ingest', {
      description: 'Accepts an uploaded dataset and starts a run.',
      memoryMB: 1024,
      timeoutSeconds: 300,
      environment,
      invokedByEvents: true,
    });
    const signals = node('signals', {
      description: 'Resumes runs when AWS reports a change, and checks endpoints.',
      memoryMB: 512,
      timeoutSeconds: 120,
      environment,
      invokedByEvents: true,
    });
    const commands = node('commands', {
      name: functionName(stage.name, 'commands'),
      description: 'Handles commands from terminals, CI and schedules.',
      memoryMB: 512,
      timeoutSeconds: 30,
      environment,
      invokedByEvents: true,
    });
    const functions = { slack, announce, ingest, signals, commands, pipeline, prepare };
    this.functions = functions;
    this.commandSources = createCommandSources(commands);

    grantEverything({
      stage: stage.name,
      models,
      functions,
      live,
      bucket,
      table,
      bus,
      queue,
      jobRole,
      endpointRole,
      images: stage.images,
    });
    announce.lambda.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        maxBatchingWindow: Duration.seconds(BATCH_SECONDS),
        // Slack accepts about one message per second and channel.
        maxConcurrency: 2,
        reportBatchItemFailures: true,
      }),
    );

    new InboxRule(this, 'Inbox', { bucket, ingest });
    new SignalRules(this, 'Signals', {
      signals,
      pipeline,
      models,
      alarmPrefix: observability.alarmPrefix,
    });
    new AnnouncementRule(this, 'Announcing', { bus, queue, deadLetters });
    new Schedules(this, 'Schedules', {
      stage,
      commands,
      commandsAlias: this.commandSources.schedule,
      signals,
    });
    new ServiceAlarms(this, 'Alarms', {
      functions,
      announceDeadLetters: deadLetters,
      announcements: queue,
      topic: observability.topic,
    });

    // The id is part of the API's logical id: another one would replace the API and its address.
    const api = new SlackApi(this, 'Door', { stage, handler: slack });
    new CfnOutput(this, 'SlackRequestUrl', {
      description: 'Request URL for the Slack app manifest.',
      value: api.url,
    });
    new CfnOutput(this, 'CommandsFunction', {
      description: 'Value of the repository variable MLOPS_COMMANDS_FUNCTION.',
      value: this.commandSources.ci.functionArn,
    });
  }
}
