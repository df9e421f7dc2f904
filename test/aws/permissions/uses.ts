import { registryAccount } from '../../../infra/config/images.ts';
import { deployedAccount, deployedRegion } from './deployed-roles.ts';
import { type Call, needsOf, type Operation } from './operations.ts';
import type { Need } from './policy.ts';

// What each role does: the calls of our code, one example of each kind, and what services do in its
// name. The policies must allow all of it and nothing more.

const place = `${deployedRegion}:${deployedAccount}`;
const Bucket = 'FilesArtifacts';
const TableName = 'RecordsRuns';
const role = (name: string) => `arn:aws:iam::${deployedAccount}:role/${name}`;
const Tags = [{ Key: 'stage', Value: 'production' }];
const aCall = (operation: Operation, input: Call['input']) => needsOf({ operation, input });

type Kind = 'RUN' | 'INCIDENT' | 'AUDIT' | 'DOC' | 'PREFERENCE' | 'LEASE' | 'GATE';

const key = (kind: Kind) => ({ pk: { S: `${kind}#one` } });
const get = (...kinds: readonly Kind[]) =>
  kinds.flatMap((kind) => aCall('dynamodb:GetItem', { TableName, Key: key(kind) }));
const put = (...kinds: readonly Kind[]) =>
  kinds.flatMap((kind) => aCall('dynamodb:PutItem', { TableName, Item: key(kind) }));
const listed = (...kinds: readonly Kind[]) => [
  ...['byState', 'byModel'].flatMap((IndexName) =>
    aCall('dynamodb:Query', { TableName, IndexName, ExpressionAttributeValues: { ':part': {} } }),
  ),
  ...kinds.flatMap((kind) =>
    aCall('dynamodb:BatchGetItem', { RequestItems: { [TableName]: { Keys: [key(kind)] } } }),
  ),
];
const latestAlert = aCall('dynamodb:Query', {
  TableName,
  ExpressionAttributeValues: { ':pk': { S: 'INCIDENT#spam#errors' } },
});

/** With the listing by which S3 says that a file is missing instead of refusing. */
const reads = (...prefixes: readonly string[]) =>
  prefixes.flatMap((prefix) => [
    ...aCall('s3:GetObject', { Bucket, Key: `${prefix}/one` }),
    ...aCall('s3:ListObjectsV2', { Bucket, Prefix: `${prefix}/` }),
  ]);
const writes = (...prefixes: readonly string[]) =>
  prefixes.flatMap((prefix) => aCall('s3:PutObject', { Bucket, Key: `${prefix}/one` }));

const publishes = aCall('events:PutEvents', { Entries: [{ EventBusName: 'DomainEvents' }] });
const hints = aCall('sqs:SendMessage', { QueueUrl: 'https://sqs/AnnouncementsQueue' });
const starts = aCall('lambda:Invoke', {
  FunctionName: `arn:aws:lambda:${place}:function:pipeline:live`,
});
const DurableExecutionArn = `arn:aws:lambda:${place}:function:pipeline:7/durable-execution/run/id`;
const resumes = aCall('lambda:SendDurableExecutionCallbackSuccess', { DurableExecutionArn });
const findsExecutions = aCall('lambda:ListDurableExecutionsByFunction', {
  FunctionName: `arn:aws:lambda:${place}:function:pipeline`,
});
const secrets = (...names: readonly string[]) =>
  aCall('ssm:GetParameters', { Names: names.map((name) => `/mlops-bot/production/slack/${name}`) });

const logs = { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamName: 'spam-a/algo-1' };
const lastLines = [...aCall('logs:DescribeLogStreams', logs), ...aCall('logs:GetLogEvents', logs)];
const allLines = [...lastLines, ...aCall('logs:FilterLogEvents', logs)];
const figures = aCall('cloudwatch:GetMetricStatistics', {});

const inputReports = (model: string) =>
  aCall('logs:FilterLogEvents', { logGroupName: `/aws/sagemaker/Endpoints/${model}` });
const endpointLog = (model: string) =>
  (['CreateLogGroup', 'PutRetentionPolicy', 'PutMetricFilter'] as const).flatMap((name) =>
    aCall(`logs:${name}`, { logGroupName: `/aws/sagemaker/Endpoints/${model}` }),
  );
const arn = (type: string, name: string) => `arn:aws:sagemaker:${place}:${type}/${name}`;
type OfModel = (model: string) => readonly Need[];
const versions: OfModel = (model) => [
  ...aCall('sagemaker:ListModelPackages', { ModelPackageGroupName: model }),
  ...aCall('sagemaker:DescribeModelPackage', {
    ModelPackageName: arn('model-package', `${model}/7`),
  }),
];
const decisions: OfModel = (model) => [
  ...versions(model),
  ...aCall('sagemaker:UpdateModelPackage', { ModelPackageArn: arn('model-package', `${model}/7`) }),
];
const TrainingJobName = (model: string) => `${model}-abcd1234-train-1`;
const jobState: OfModel = (model) =>
  aCall('sagemaker:DescribeTrainingJob', { TrainingJobName: TrainingJobName(model) });
const jobs: OfModel = (model) => [
  ...jobState(model),
  ...aCall('sagemaker:CreateTrainingJob', {
    TrainingJobName: TrainingJobName(model),
    RoleArn: role('Jobs'),
    Tags,
  }),
  ...aCall('sagemaker:StopTrainingJob', { TrainingJobName: TrainingJobName(model) }),
];
const serving = (model: string) => ({
  EndpointName: model,
  EndpointConfigName: `${model}-v7-abcd1234`,
  ModelName: `${model}-v7-abcd1234`,
  ExecutionRoleArn: role('Endpoints'),
  Tags,
});
const endpointState: OfModel = (model) => [
  ...aCall('sagemaker:DescribeEndpoint', serving(model)),
  ...aCall('sagemaker:DescribeEndpointConfig', serving(model)),
];
const asks: OfModel = (model) => aCall('sagemaker:InvokeEndpoint', serving(model));
const endpointChanges = (
  [
    'CreateModel',
    'DeleteModel',
    'CreateEndpointConfig',
    'DeleteEndpointConfig',
    'ListEndpointConfigs',
    'CreateEndpoint',
    'UpdateEndpoint',
    'DeleteEndpoint',
    'InvokeEndpoint',
  ] as const
).map((name) => (model: string) => aCall(`sagemaker:${name}`, serving(model)));

const repository = (name: string) =>
  `arn:aws:ecr:${deployedRegion}:${registryAccount(name, deployedRegion)}:repository/${name}`;
const repositories = [
  'huggingface-pytorch-inference',
  'pytorch-training',
  'sagemaker-scikit-learn',
];
const onRepositories = (...actions: readonly string[]) =>
  repositories.flatMap((name) =>
    actions.map((action): Need => ({ action, resource: repository(name) })),
  );
const pull: readonly Need[] = [
  ...onRepositories(
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchCheckLayerAvailability',
  ),
  { action: 'ecr:GetAuthorizationToken', resource: '*' },
];
/** What containers log and measure; the list is in “SageMaker AI execution roles” of AWS. */
const observe = (group: string, namespaces: readonly string[]): readonly Need[] => [
  ...['CreateLogGroup', 'CreateLogStream', 'PutLogEvents', 'DescribeLogStreams'].map((action) => ({
    action: `logs:${action}`,
    resource: `arn:aws:logs:${place}:log-group:${group}:log-stream:one`,
  })),
  ...namespaces.map((namespace) => ({
    action: 'cloudwatch:PutMetricData',
    resource: '*',
    context: { 'cloudwatch:namespace': [namespace] },
  })),
];

/** What Lambda does in the name of a function. */
const lambda = (name: string, hasDeadLetters: boolean): readonly Need[] => [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({
    action,
    resource: `arn:aws:logs:${place}:log-group:${name}Logs:log-stream:one`,
  })),
  ...(hasDeadLetters
    ? [{ action: 'sqs:SendMessage', resource: `arn:aws:sqs:${place}:${name}DeadLetters` }]
    : []),
];
const evidenceFiles = [
  'evaluation',
  'prepared/test.jsonl',
  'prepared/seen.json',
  'model-card.json',
].map((file) => `runs/spam-a1b2c3d4/${file}`);
const object = (prefix: string) => `arn:aws:s3:::${Bucket}/${prefix}/one`;

/** Role → what it needs, for the models of a configuration. */
export function usesOf(models: readonly string[]): Readonly<Record<string, readonly Need[]>> {
  const each = (...uses: readonly OfModel[]) =>
    models.flatMap((model) => uses.flatMap((use) => use(model)));
  return {
    slack: [
      ...lambda('slack', false),
      ...secrets('bot-token', 'signing-secret'),
      ...get('RUN', 'INCIDENT', 'DOC', 'PREFERENCE'),
      ...listed('RUN', 'INCIDENT', 'AUDIT'),
      ...latestAlert,
      ...put('RUN', 'INCIDENT', 'AUDIT', 'PREFERENCE'),
      ...each(versions, endpointState, asks),
      ...reads(...evidenceFiles, 'corrections'),
      ...writes('corrections', 'slack-inbox'),
      ...aCall('s3:AbortMultipartUpload', { Bucket, Key: 'slack-inbox/one' }),
      ...figures,
      ...lastLines,
      ...publishes,
      ...starts,
      ...resumes,
      ...hints,
      ...aCall('lambda:Invoke', { FunctionName: 'slack' }),
    ],
    announce: [
      ...lambda('announce', false),
      ...secrets('bot-token'),
      ...get('RUN', 'INCIDENT', 'DOC', 'PREFERENCE'),
      ...listed('RUN', 'INCIDENT'),
      ...put('DOC'),
      ...each(versions),
      ...aCall('sqs:ChangeMessageVisibility', { QueueUrl: 'https://sqs/AnnouncementsQueue' }),
      // The event source of Lambda; the CDK also grants GetQueueUrl.
      ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl'].map((action) => ({
        action: `sqs:${action}`,
        resource: `arn:aws:sqs:${place}:AnnouncementsQueue`,
      })),
    ],
    ingest: [
      ...lambda('ingest', true),
      ...reads('inbox', 'slack-inbox'),
      ...['inbox', 'slack-inbox'].flatMap((folder) =>
        aCall('s3:GetObject', { Bucket, Key: `${folder}/spam/a.csv`, VersionId: '1' }),
      ),
      ...writes('datasets'),
      ...get('RUN'),
      ...put('RUN', 'AUDIT'),
      ...publishes,
      ...starts,
      ...hints,
    ],
    signals: [
      ...lambda('signals', true),
      ...get('RUN', 'INCIDENT'),
      ...listed('RUN', 'INCIDENT'),
      ...latestAlert,
      ...put('RUN', 'INCIDENT', 'AUDIT'),
      ...each(jobState, decisions, endpointState, inputReports),
      ...figures,
      ...allLines,
      ...reads('runs'),
      ...publishes,
      ...starts,
      ...resumes,
      ...findsExecutions,
      ...hints,
    ],
    commands: [
      ...lambda('commands', true),
      ...get('RUN', 'INCIDENT'),
      ...listed('RUN', 'INCIDENT', 'AUDIT'),
      ...latestAlert,
      ...put('RUN', 'INCIDENT', 'AUDIT'),
      ...each(versions, endpointState, asks),
      ...figures,
      ...lastLines,
      ...reads(...evidenceFiles, 'corrections'),
      ...publishes,
      ...starts,
      ...resumes,
      ...hints,
    ],
    pipeline: [
      ...lambda('pipeline', true),
      ...aCall('lambda:CheckpointDurableExecution', { DurableExecutionArn }),
      ...aCall('lambda:GetDurableExecutionState', { DurableExecutionArn }),
      ...get('RUN', 'INCIDENT', 'LEASE', 'GATE'),
      ...listed('RUN', 'INCIDENT'),
      ...latestAlert,
      ...put('RUN', 'INCIDENT', 'AUDIT', 'LEASE', 'GATE'),
      ...aCall('dynamodb:DeleteItem', { TableName, Key: key('LEASE') }),
      ...aCall('dynamodb:TransactWriteItems', {
        TransactItems: [
          { Put: { TableName, Item: key('LEASE') } },
          { ConditionCheck: { TableName, Key: key('RUN') } },
        ],
      }),
      ...aCall('lambda:Invoke', { FunctionName: 'prepare' }),
      ...reads('datasets', 'runs', 'base-models'),
      ...writes('runs'),
      ...each(jobs, decisions, endpointState, endpointLog, ...endpointChanges),
      ...each((model) => aCall('sagemaker:CreateModelPackage', { ModelPackageGroupName: model })),
      ...each((model) =>
        aCall('sagemaker:CreateModelPackageGroup', { ModelPackageGroupName: model, Tags }),
      ),
      // AmazonSageMakerModelRegistryFullAccess allows both for CreateModelPackage.
      ...onRepositories('ecr:BatchGetImage', 'ecr:DescribeImages'),
      ...figures,
      ...allLines,
      ...publishes,
      ...resumes,
    ],
    prepare: [
      ...lambda('prepare', false),
      ...reads('datasets', 'runs'),
      ...writes('runs'),
      ...aCall('s3:AbortMultipartUpload', { Bucket, Key: 'runs/a/prepared/train.jsonl' }),
    ],
    Jobs: [
      ...['datasets', 'runs', 'code', 'base-models', 'checkpoints'].map((prefix) => ({
        action: 's3:GetObject',
        resource: object(prefix),
      })),
      ...['runs', 'checkpoints'].flatMap((prefix) =>
        ['s3:PutObject', 's3:AbortMultipartUpload'].map((action) => ({
          action,
          resource: object(prefix),
        })),
      ),
      { action: 's3:DeleteObject', resource: object('checkpoints') },
      ...['s3:ListBucket', 's3:GetBucketLocation'].map((action) => ({
        action,
        resource: `arn:aws:s3:::${Bucket}`,
      })),
      ...pull,
      ...observe('/aws/sagemaker/TrainingJobs', ['/aws/sagemaker/TrainingJobs']),
    ],
    Endpoints: [
      { action: 's3:GetObject', resource: object('runs') },
      ...pull,
      ...observe('/aws/sagemaker/Endpoints/spam', ['/aws/sagemaker/Endpoints', 'AWS/SageMaker']),
    ],
    Schedules: [
      ...['commands:schedule', 'signals'].map((name) => ({
        action: 'lambda:InvokeFunction',
        resource: `arn:aws:lambda:${place}:function:${name}`,
      })),
      // The CDK's target also allows the versions of the function.
      { action: 'lambda:InvokeFunction', resource: `arn:aws:lambda:${place}:function:signals:1` },
      ...['commands', 'signals'].map((name) => ({
        action: 'sqs:SendMessage',
        resource: `arn:aws:sqs:${place}:${name}DeadLetters`,
      })),
    ],
  };
}
