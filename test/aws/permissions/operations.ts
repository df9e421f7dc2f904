import { deployedAccount, deployedRegion } from './deployed-roles.ts';
import type { Need } from './policy.ts';

// Every operation of AWS that our code calls and what AWS checks for it: the actions, on which
// resources, and the condition keys that our policies use. The types of the resources are held
// against the service authorization reference (`reference.ts`). Inputs are those of the SDK.

type Input = Readonly<Record<string, unknown>>;

const place = `${deployedRegion}:${deployedAccount}`;
const text = (value: unknown) => String(value ?? '');
const list = (value: unknown) => (Array.isArray(value) ? (value as readonly Input[]) : []);

const need = (action: string, resource: string, context?: Need['context']): Need =>
  context === undefined ? { action, resource } : { action, resource, context };

const sageMaker = (type: string, name: unknown) =>
  `arn:aws:sagemaker:${place}:${type}/${text(name)}`;
const object = (bucket: unknown, key: unknown) => `arn:aws:s3:::${text(bucket)}/${text(key)}`;
const table = (name: unknown) => `arn:aws:dynamodb:${place}:table/${text(name)}`;
const queue = (url: unknown) => `arn:aws:sqs:${place}:${text(url).split('/').at(-1)}`;
/** How CloudWatch Logs names a group whose streams are asked for. */
const logGroup = (name: unknown) => `arn:aws:logs:${place}:log-group:${text(name)}:log-stream:`;

const lambdaFunction = (name: unknown) =>
  text(name).startsWith('arn:') ? text(name) : `arn:aws:lambda:${place}:function:${text(name)}`;
/** An execution has the ARN of its function's version and two more parts. */
const execution = (arn: unknown) => text(arn);

/** Creating something with tags needs the right to tag it. */
const tagged = (input: Input, resource: string): readonly Need[] =>
  list(input.Tags).length === 0 ? [] : [need('sagemaker:AddTags', resource)];
const passed = (role: unknown) =>
  need('iam:PassRole', text(role), { 'iam:PassedToService': ['sagemaker.amazonaws.com'] });

const partitions = (...keys: readonly unknown[]) => ({
  'dynamodb:LeadingKeys': keys.map((key) =>
    text(typeof key === 'object' && key !== null ? Object.values(key)[0] : key),
  ),
});
const keyOf = (item: unknown) => (item as Input | undefined)?.pk;

const endpointAndConfig = (action: string) => (input: Input) => [
  need(action, sageMaker('endpoint', input.EndpointName)),
  need(action, sageMaker('endpoint-config', input.EndpointConfigName)),
];

const putObject = ({ Bucket, Key }: Input) => [need('s3:PutObject', object(Bucket, Key))];
const getObject = ({ Bucket, Key, VersionId }: Input) => [
  need(VersionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', object(Bucket, Key)),
];

export const operations = {
  's3:GetObject': getObject,
  's3:HeadObject': getObject,
  's3:PutObject': putObject,
  's3:CreateMultipartUpload': putObject,
  's3:UploadPart': putObject,
  's3:CompleteMultipartUpload': putObject,
  's3:AbortMultipartUpload': ({ Bucket, Key }) => [
    need('s3:AbortMultipartUpload', object(Bucket, Key)),
  ],
  's3:CopyObject': (input) => {
    const [source = '', VersionId] = text(input.CopySource).split('?versionId=');
    const [Bucket, ...key] = source.replace(/^\//, '').split('/');
    return [...putObject(input), ...getObject({ Bucket, Key: key.join('/'), VersionId })];
  },
  's3:ListObjectsV2': ({ Bucket, Prefix }) => [
    need('s3:ListBucket', `arn:aws:s3:::${text(Bucket)}`, { 's3:prefix': [text(Prefix)] }),
  ],

  'dynamodb:GetItem': ({ TableName, Key }) => [
    need('dynamodb:GetItem', table(TableName), partitions(keyOf(Key))),
  ],
  'dynamodb:PutItem': ({ TableName, Item }) => [
    need('dynamodb:PutItem', table(TableName), partitions(keyOf(Item))),
  ],
  'dynamodb:DeleteItem': ({ TableName, Key }) => [
    need('dynamodb:DeleteItem', table(TableName), partitions(keyOf(Key))),
  ],
  'dynamodb:BatchGetItem': ({ RequestItems }) =>
    Object.entries((RequestItems ?? {}) as Record<string, Input>).map(([name, { Keys }]) =>
      need('dynamodb:BatchGetItem', table(name), partitions(...list(Keys).map(keyOf))),
    ),
  'dynamodb:Query': ({ TableName, IndexName, ExpressionAttributeValues }) => [
    need(
      'dynamodb:Query',
      IndexName === undefined ? table(TableName) : `${table(TableName)}/index/${text(IndexName)}`,
      partitions(Object.values((ExpressionAttributeValues ?? {}) as Input)[0]),
    ),
  ],
  'dynamodb:TransactWriteItems': ({ TransactItems }) =>
    list(TransactItems).flatMap((item) =>
      Object.entries(item).map(([kind, part]) => {
        const { TableName, Key, Item } = part as Input;
        const action = kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`;
        return need(`dynamodb:${action}`, table(TableName), partitions(keyOf(Key ?? Item)));
      }),
    ),

  'events:PutEvents': ({ Entries }) =>
    list(Entries).map(({ EventBusName }) =>
      need('events:PutEvents', `arn:aws:events:${place}:event-bus/${text(EventBusName)}`),
    ),
  'sqs:SendMessage': ({ QueueUrl }) => [need('sqs:SendMessage', queue(QueueUrl))],
  'sqs:ChangeMessageVisibility': ({ QueueUrl }) => [
    need('sqs:ChangeMessageVisibility', queue(QueueUrl)),
  ],
  'ssm:GetParameters': ({ Names }) =>
    ((Names ?? []) as readonly string[]).map((name) =>
      need('ssm:GetParameters', `arn:aws:ssm:${place}:parameter${name}`),
    ),

  'lambda:Invoke': ({ FunctionName }) => [
    need('lambda:InvokeFunction', lambdaFunction(FunctionName)),
  ],
  'lambda:CheckpointDurableExecution': ({ DurableExecutionArn }) => [
    need('lambda:CheckpointDurableExecution', execution(DurableExecutionArn)),
  ],
  'lambda:GetDurableExecutionState': ({ DurableExecutionArn }) => [
    need('lambda:GetDurableExecutionState', execution(DurableExecutionArn)),
  ],
  'lambda:ListDurableExecutionsByFunction': ({ FunctionName }) => [
    need('lambda:ListDurableExecutionsByFunction', lambdaFunction(FunctionName)),
  ],
  'lambda:SendDurableExecutionCallbackSuccess': ({ DurableExecutionArn }) => [
    need('lambda:SendDurableExecutionCallbackSuccess', execution(DurableExecutionArn)),
  ],

  'cloudwatch:GetMetricStatistics': () => [need('cloudwatch:GetMetricStatistics', '*')],
  'logs:CreateLogGroup': ({ logGroupName }) => [
    need('logs:CreateLogGroup', logGroup(logGroupName)),
  ],
  'logs:PutRetentionPolicy': ({ logGroupName }) => [
    need('logs:PutRetentionPolicy', logGroup(logGroupName)),
  ],
  'logs:PutMetricFilter': ({ logGroupName }) => [
    need('logs:PutMetricFilter', logGroup(logGroupName)),
  ],
  'logs:DescribeLogStreams': ({ logGroupName }) => [
    need('logs:DescribeLogStreams', logGroup(logGroupName)),
  ],
  'logs:FilterLogEvents': ({ logGroupName }) => [
    need('logs:FilterLogEvents', logGroup(logGroupName)),
  ],
  'logs:GetLogEvents': ({ logGroupName, logStreamName }) => [
    need('logs:GetLogEvents', `${logGroup(logGroupName)}${text(logStreamName)}`),
  ],

  'sagemaker:CreateTrainingJob': (input) => {
    const job = sageMaker('training-job', input.TrainingJobName);
    return [need('sagemaker:CreateTrainingJob', job), ...tagged(input, job), passed(input.RoleArn)];
  },
  'sagemaker:DescribeTrainingJob': ({ TrainingJobName }) => [
    need('sagemaker:DescribeTrainingJob', sageMaker('training-job', TrainingJobName)),
  ],
  'sagemaker:StopTrainingJob': ({ TrainingJobName }) => [
    need('sagemaker:StopTrainingJob', sageMaker('training-job', TrainingJobName)),
  ],
  // The group is named, but AWS checks the versions in it.
  'sagemaker:ListModelPackages': ({ ModelPackageGroupName }) => [
    need('sagemaker:ListModelPackages', sageMaker('model-package', `${ModelPackageGroupName}/*`)),
  ],
  'sagemaker:CreateModelPackage': ({ ModelPackageGroupName }) => [
    need('sagemaker:CreateModelPackage', sageMaker('model-package', `${ModelPackageGroupName}/1`)),
  ],
  'sagemaker:CreateModelPackageGroup': (input) => {
    const group = sageMaker('model-package-group', input.ModelPackageGroupName);
    return [need('sagemaker:CreateModelPackageGroup', group), ...tagged(input, group)];
  },
  'sagemaker:DescribeModelPackage': ({ ModelPackageName }) => [
    need('sagemaker:DescribeModelPackage', text(ModelPackageName)),
  ],
  'sagemaker:UpdateModelPackage': ({ ModelPackageArn }) => [
    need('sagemaker:UpdateModelPackage', text(ModelPackageArn)),
  ],
  'sagemaker:DescribeEndpoint': ({ EndpointName }) => [
    need('sagemaker:DescribeEndpoint', sageMaker('endpoint', EndpointName)),
  ],
  'sagemaker:DescribeEndpointConfig': ({ EndpointConfigName }) => [
    need('sagemaker:DescribeEndpointConfig', sageMaker('endpoint-config', EndpointConfigName)),
  ],
  'sagemaker:ListEndpointConfigs': () => [need('sagemaker:ListEndpointConfigs', '*')],
  'sagemaker:CreateModel': (input) => {
    const model = sageMaker('model', input.ModelName);
    return [
      need('sagemaker:CreateModel', model),
      ...tagged(input, model),
      passed(input.ExecutionRoleArn),
    ];
  },
  'sagemaker:DeleteModel': ({ ModelName }) => [
    need('sagemaker:DeleteModel', sageMaker('model', ModelName)),
  ],
  'sagemaker:CreateEndpointConfig': (input) => {
    const config = sageMaker('endpoint-config', input.EndpointConfigName);
    return [need('sagemaker:CreateEndpointConfig', config), ...tagged(input, config)];
  },
  'sagemaker:DeleteEndpointConfig': ({ EndpointConfigName }) => [
    need('sagemaker:DeleteEndpointConfig', sageMaker('endpoint-config', EndpointConfigName)),
  ],
  'sagemaker:CreateEndpoint': (input) => [
    ...endpointAndConfig('sagemaker:CreateEndpoint')(input),
    ...tagged(input, sageMaker('endpoint', input.EndpointName)),
  ],
  'sagemaker:UpdateEndpoint': endpointAndConfig('sagemaker:UpdateEndpoint'),
  'sagemaker:DeleteEndpoint': ({ EndpointName }) => [
    need('sagemaker:DeleteEndpoint', sageMaker('endpoint', EndpointName)),
  ],
  'sagemaker:InvokeEndpoint': ({ EndpointName }) => [
    need('sagemaker:InvokeEndpoint', sageMaker('endpoint', EndpointName)),
  ],
} as const satisfies Record<string, (input: Input) => readonly Need[]>;

export type Operation = keyof typeof operations;

export interface Call {
  readonly operation: Operation;
  readonly input: Input;
}

export function isOperation(name: string): name is Operation {
  return Object.hasOwn(operations, name);
}

/** What AWS checks before it carries out the call. */
export function needsOf({ operation, input }: Call): readonly Need[] {
  return (operations[operation] as (input: Input) => readonly Need[])(input);
}
