import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { commandSources } from '../../bot/cli/command-sources.ts';
import { readCliQuestion } from '../../bot/cli/question.ts';
import { EVENT_SOURCE } from '../../infra/names.ts';
import { permissionsIn } from '../../infra/permissions/iam-table.ts';
import { reviewedFindings } from '../../infra/permissions/reviewed-findings.ts';
import { EVENT_SOURCE as PUBLISHED_SOURCE } from '../../pipeline/aws/event-bridge-bus.ts';
import { cfnLint, hasCfnLint } from '../aws/python-tools.ts';
import { githubStage, synthesize } from './synthesized.ts';

const root = resolve(import.meta.dirname, '../..');
const { outdir, service, dataTemplate, serviceTemplate, githubTemplate } = synthesize();
const idsOf = (template: typeof dataTemplate, type: string) =>
  Object.keys(template.findResources(type)).sort();

describe('the version that new runs start on', () => {
  it('goes live only when its code has been uploaded', () => {
    const aliases = Object.values(serviceTemplate.findResources('AWS::Lambda::Alias')) as {
      Properties: { Name: string };
      DependsOn?: readonly string[];
    }[];
    const live = aliases.find(({ Properties }) => Properties.Name === 'live');
    const [upload = ''] = Object.keys(serviceTemplate.findResources('Custom::CDKBucketDeployment'));

    expect(live?.DependsOn).toContain(upload);
  });
});

describe('the data stack', () => {
  it('keeps its logical ids, because a new id would create an empty resource', () => {
    expect({
      buckets: idsOf(dataTemplate, 'AWS::S3::Bucket'),
      tables: idsOf(dataTemplate, 'AWS::DynamoDB::GlobalTable'),
    }).toMatchInlineSnapshot(`
      {
        "buckets": [
          "FilesAccessLogsAAAD0C84",
          "FilesArtifacts79FB3DF1",
        ],
        "tables": [
          "RecordsRuns5C174C62",
        ],
      }
    `);
  });

  it('retains everything when the stack is deleted or a resource is replaced', () => {
    const resources = Object.values(dataTemplate.toJSON().Resources as Record<string, never>);
    const stateful = (resources as { Type: string; DeletionPolicy?: string }[]).filter(({ Type }) =>
      ['AWS::S3::Bucket', 'AWS::DynamoDB::GlobalTable'].includes(Type),
    );

    expect(stateful).toHaveLength(3);
    for (const { DeletionPolicy } of stateful) expect(DeletionPolicy).toBe('Retain');
  });

  it('has nothing named after a model: what an earlier stack left could not be made again', () => {
    const { Resources } = dataTemplate.toJSON() as { Resources: Record<string, object> };

    expect(JSON.stringify(Resources)).not.toMatch(/"(spam|tumour)"/);
  });

  it('encrypts and versions files, notifies EventBridge and requires TLS', () => {
    dataTemplate.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: Match.anyValue(),
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      LifecycleConfiguration: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    dataTemplate.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        ]),
      }),
    });
    dataTemplate.resourceCountIs('AWS::Lambda::Function', 0);
    dataTemplate.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: 'checkpoints/', ExpirationInDays: 30, Status: 'Enabled' }),
        ]),
      },
    });
  });

  it('can restore the table to any second, and has the indexes of the run store', () => {
    dataTemplate.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [
        Match.objectLike({ IndexName: 'byState' }),
        Match.objectLike({ IndexName: 'byModel' }),
      ],
      Replicas: [
        Match.objectLike({
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        }),
      ],
    });
  });
});

describe('the commands function', () => {
  it('has the name that the command line invokes', () => {
    serviceTemplate.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'mlops-bot-production-commands',
    });
  });

  it('has an alias for each source of commands, on the deployed version', () => {
    const aliases = Object.values(serviceTemplate.findResources('AWS::Lambda::Alias'))
      .map(({ Properties }) => Properties)
      .filter(({ FunctionName }) => FunctionName.Ref.startsWith('commands'));

    expect(aliases.map(({ Name }) => Name).sort()).toEqual([...commandSources].sort());
    expect(new Set(aliases.map(({ FunctionVersion }) => String(FunctionVersion))).size).toBe(1);
  });

  it('lets GitHub invoke only the alias of CI, and schedules only theirs', () => {
    const invokable = (template: object) =>
      permissionsIn(template)
        .filter(({ actions }) => actions.includes('lambda:InvokeFunction'))
        .map(({ who, resources }) => [who, resources.filter((each) => /commands/i.test(each))])
        .filter(([, resources]) => resources?.length);

    expect(invokable(serviceTemplate.toJSON())).toEqual([['Schedules', ['<commandsSchedule>']]]);
    expect(invokable(githubTemplate?.toJSON() ?? {})).toEqual([['Retrain', ['<commandsCi>']]]);
  });

  it('retries the commands of schedules as often as any other event', () => {
    const settings = Object.values(
      serviceTemplate.findResources('AWS::Lambda::EventInvokeConfig'),
    ).map(({ Properties }) => Properties);
    const ofSchedules = settings.find(({ Qualifier }) => Qualifier !== '$LATEST');

    expect(ofSchedules).toMatchObject({
      FunctionName: { Ref: expect.stringMatching(/^commands/) },
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 6 * 3600,
    });
    for (const { MaximumRetryAttempts } of settings) expect(MaximumRetryAttempts).toBe(2);
  });
});

describe('the durable function', () => {
  it('is durable from its creation, without a name', () => {
    serviceTemplate.hasResourceProperties('AWS::Lambda::Function', {
      DurableConfig: { ExecutionTimeout: 30 * 86_400, RetentionPeriodInDays: 30 },
      FunctionName: Match.absent(),
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      DeadLetterConfig: Match.anyValue(),
    });
  });

  it('retains old versions, on which runs may wait', () => {
    serviceTemplate.hasResource('AWS::Lambda::Version', { DeletionPolicy: 'Retain' });
  });

  it('is started by its alias from every function that starts runs', () => {
    const functions = Object.values(serviceTemplate.findResources('AWS::Lambda::Function'));
    const arns = functions.flatMap(
      ({ Properties }) => Properties.Environment?.Variables?.MLOPS_PIPELINE_FUNCTION ?? [],
    );

    expect(arns).toHaveLength(5);
    expect(arns.every(({ Ref }: { Ref: string }) => Ref.startsWith('pipelineLive'))).toBe(true);
  });
});

describe('functions', () => {
  it('run on arm64, log to groups that expire, and hold no secret', () => {
    const own = Object.entries(serviceTemplate.findResources('AWS::Lambda::Function')).filter(
      ([id]) => !id.startsWith('Custom'),
    );

    expect(own).toHaveLength(7);
    for (const [, { Properties }] of own) {
      expect(Properties.Architectures).toEqual(['arm64']);
      expect(Properties.LoggingConfig.LogFormat).toBe('JSON');
      const variables: Record<string, unknown> = Properties.Environment?.Variables ?? {};
      const secrets = Object.entries(variables).filter(([name]) => /TOKEN|SECRET/.test(name));
      for (const [, value] of secrets) expect(value).toMatch(/^\/mlops-bot\/production\/slack\//);
      expect(JSON.stringify(variables)).not.toMatch(/xox[bp]-/);
    }
    serviceTemplate.allResourcesProperties('AWS::Logs::LogGroup', {
      RetentionInDays: Match.anyValue(),
    });
  });

  it('give preparing a dataset five minutes', () => {
    serviceTemplate.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'prepare_lambda.handler',
      Timeout: 300,
    });
  });
});

describe('events and queues', () => {
  it('retries every target, then moves events to a dead-letter queue', () => {
    const targets = Object.values(serviceTemplate.findResources('AWS::Events::Rule')).flatMap(
      ({ Properties }) => Properties.Targets,
    );

    expect(targets.length).toBeGreaterThanOrEqual(7);
    for (const target of targets) {
      expect(target.DeadLetterConfig?.Arn).toBeDefined();
      expect(target.RetryPolicy?.MaximumRetryAttempts).toBeGreaterThan(0);
    }
  });

  it('hides a message for six times the time-out of its function, and its batching', () => {
    const functions = serviceTemplate.findResources('AWS::Lambda::Function');
    const queues = serviceTemplate.findResources('AWS::SQS::Queue');
    const sources = Object.values(
      serviceTemplate.findResources('AWS::Lambda::EventSourceMapping'),
    ).map(({ Properties }) => Properties);

    expect(sources).toHaveLength(1);
    for (const { EventSourceArn, FunctionName, MaximumBatchingWindowInSeconds } of sources) {
      const { VisibilityTimeout } = queues[EventSourceArn['Fn::GetAtt'][0]]?.Properties ?? {};
      const { Timeout } = functions[FunctionName.Ref]?.Properties ?? {};
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(
        6 * Timeout + MaximumBatchingWindowInSeconds,
      );
    }
  });

  it('gives every schedule a dead-letter queue', () => {
    serviceTemplate.resourceCountIs('AWS::Scheduler::Schedule', 3);
    serviceTemplate.allResourcesProperties('AWS::Scheduler::Schedule', {
      Target: Match.objectLike({ DeadLetterConfig: Match.anyValue() }),
    });
  });

  it('schedules retraining with a command that the function understands', () => {
    const schedules = Object.values(serviceTemplate.findResources('AWS::Scheduler::Schedule'));
    const given = schedules
      .map(({ Properties }) => Properties.Target.Input.replace(/<[^>]*>/, '2026-11-22T04:00:00Z'))
      .flatMap((input) => readCliQuestion(JSON.parse(input)) ?? []);

    expect(given).toMatchObject([
      { words: ['retrain', 'spam'], requestId: 'spam:2026-11-22T04:00:00Z' },
    ]);
  });

  it('watches every dead-letter queue with an alarm', () => {
    const queues = serviceTemplate.findResources('AWS::SQS::Queue');
    const dead = Object.keys(queues).filter((id) => /DeadLetters/.test(id));
    const alarms = Object.values(serviceTemplate.findResources('AWS::CloudWatch::Alarm'));
    const watched = alarms.flatMap(({ Properties }) =>
      (Properties.Dimensions ?? []).flatMap(
        ({ Value }: { Value: { 'Fn::GetAtt'?: string[] } }) => Value['Fn::GetAtt']?.[0] ?? [],
      ),
    );

    expect(dead.length).toBe(5);
    expect(watched).toEqual(expect.arrayContaining(dead));
    for (const [id, { Properties }] of Object.entries(queues)) {
      expect(dead.includes(id) || Properties.RedrivePolicy !== undefined).toBe(true);
    }
  });

  it('receives events of its own jobs, endpoints, versions and alarms only', () => {
    serviceTemplate.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Training Job State Change'],
        detail: { TrainingJobName: [{ prefix: 'spam-' }, { prefix: 'tumour-' }] },
      },
    });
    serviceTemplate.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ source: ['aws.s3'], 'detail-type': ['Object Created'] }),
    });
  });

  it('subscribes to the source under which the pipeline publishes', () => {
    expect(EVENT_SOURCE).toBe(PUBLISHED_SOURCE);
  });
});

describe('the API for Slack', () => {
  it('has one method on one path, throttled before anything is invoked', () => {
    serviceTemplate.resourceCountIs('AWS::Lambda::Url', 0);
    serviceTemplate.resourceCountIs('AWS::ApiGatewayV2::Route', 1);
    serviceTemplate.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'POST /slack/events',
    });
    serviceTemplate.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
      AccessLogSettings: Match.anyValue(),
    });
  });

  it('logs no headers and no bodies', () => {
    const [stage] = Object.values(serviceTemplate.findResources('AWS::ApiGatewayV2::Stage'));

    expect(stage?.Properties.AccessLogSettings.Format).not.toMatch(/header|body|authoriz/i);
  });
});

describe('alarms', () => {
  const alarms = Object.entries(serviceTemplate.findResources('AWS::CloudWatch::Alarm'));
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
    title.toLowerCase().replaceAll(' ', '-'),
  );

  it.each(alarms)('%s says what to do and where to read more', (_, { Properties }) => {
    const text = String(Properties.AlarmDescription);

    expect(text.length).toBeLessThanOrEqual(1024);
    expect(text.split('. ').length).toBeGreaterThanOrEqual(3);
    expect(headings).toContain(/docs\/runbook\.md#([a-z-]+)\.$/.exec(text)?.[1]);
    expect(Properties.TreatMissingData).toBe('notBreaching');
    expect(Properties.AlarmActions).toHaveLength(1);
  });

  it('covers the memory of every model, whose errors and latency the checks cover', () => {
    const names = alarms.map(([id]) => id);

    for (const model of ['spam', 'tumour']) {
      expect(names.some((id) => id.includes(`Memory${model}`))).toBe(true);
    }
    serviceTemplate.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });

  it('have names that the rule for alarms of models recognises', () => {
    const rule = Object.values(serviceTemplate.findResources('AWS::Events::Rule')).find(
      ({ Properties }) => Properties.EventPattern.source?.[0] === 'aws.cloudwatch',
    );
    const [{ prefix }] = rule?.Properties.EventPattern.detail.alarmName ?? [{}];
    const recognised = alarms.filter(([id]) => `${service.stackName}-${id}`.startsWith(prefix));

    expect(recognised.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
      'ObservabilityMemoryspam',
      'ObservabilityMemorytumour',
    ]);
    for (const [, { Properties }] of alarms) expect(Properties.AlarmName).toBeUndefined();
  });

  it('reach the topic, whose policy lets CloudWatch of this account publish', () => {
    serviceTemplate.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });
});

describe('GitHub', () => {
  it('uses the provider of the account where there is one: a second cannot be made', () => {
    const { github } = githubStage;
    if (github === null) throw new Error('The stage of the tests has a repository.');
    const { githubTemplate: template } = synthesize({
      ...githubStage,
      github: { ...github, hasProvider: true },
    });

    template?.resourceCountIs('AWS::IAM::OIDCProvider', 0);
    githubTemplate?.resourceCountIs('AWS::IAM::OIDCProvider', 1);
    expect(JSON.stringify(template?.findResources('AWS::IAM::Role'))).toContain(
      ':oidc-provider/token.actions.githubusercontent.com',
    );
  });

  it('assumes roles by OIDC, each for one repository and one subject, in both formats of GitHub', () => {
    const roles = Object.values(githubTemplate?.findResources('AWS::IAM::Role') ?? {}).filter(
      ({ Properties }) => JSON.stringify(Properties).includes('token.actions'),
    );
    const subjects = roles.flatMap(({ Properties }) => {
      const { Condition } = Properties.AssumeRolePolicyDocument.Statement[0];
      expect(Condition.StringEquals['token.actions.githubusercontent.com:aud']).toBe(
        'sts.amazonaws.com',
      );
      return Condition.StringLike['token.actions.githubusercontent.com:sub'];
    });

    expect(subjects.flat().sort()).toEqual([
      'repo:example/mlops-bot:environment:production',
      'repo:example/mlops-bot:pull_request',
      'repo:example/mlops-bot:ref:refs/heads/main',
      'repo:example@12/mlops-bot@34:environment:production',
      'repo:example@12/mlops-bot@34:pull_request',
      'repo:example@12/mlops-bot@34:ref:refs/heads/main',
    ]);
  });
});

describe('the templates', () => {
  it('must not contain an unacknowledged wildcard', () => {
    const app = new App({ outdir: join(outdir, 'wild') });
    const stack = new Stack(app, 'Wild');
    const role = new Role(stack, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    Validations.of(app).addPlugins(reviewedFindings(app));

    expect(() => app.synth()).toThrow(/IAM5\[Resource::\*\]/);
  });

  it.skipIf(!hasCfnLint())('pass the linter of CloudFormation', { timeout: 60_000 }, () => {
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));

    // W3005: the CDK repeats dependencies that a reference implies.
    const { stdout, status } = spawnSync(
      cfnLint,
      [...templates.map((name) => join(outdir, name)), '--ignore-checks', 'W3005'],
      { encoding: 'utf8' },
    );

    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
