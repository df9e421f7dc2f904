import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  type DurableConfig,
  Function as Lambda,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { DeadLetterQueue } from '../events/dead-letter-queue.ts';
import { acknowledge } from '../permissions/acknowledge.ts';
import { PolicyPages } from '../permissions/policy-pages.ts';

/** Retries of asynchronous invocations before they go to the dead-letter queue. */
export const repeatedByLambda = { retryAttempts: 2, maxEventAge: Duration.hours(6) } as const;

export interface LambdaFunctionProps {
  readonly stage: Stage;
  /** Without one, CloudFormation chooses a name and can replace the function. */
  readonly name?: string;
  /** One sentence, shown in the console. */
  readonly description: string;
  /** Folder with the code. */
  readonly code: string;
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Without it, the function runs on Node.js with its handler in `index.mjs`. */
  readonly python?: { readonly handler: string; readonly storageMB: number };
  /** Whether it is invoked asynchronously and so needs a dead-letter queue. */
  readonly invokedByEvents: boolean;
  readonly durable?: DurableConfig;
}

/**
 * A function with its own role and log group and no other permission. {@link allow} adds
 * permissions, statement by statement, with a reason where AWS has no narrower resource.
 */
export class LambdaFunction extends Construct {
  readonly lambda: Lambda;
  readonly role: Role;
  /** Null for functions that are invoked synchronously. */
  readonly deadLetters: DeadLetterQueue | null;
  readonly #policies: PolicyPages;

  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Role of the function ${id} of mlops-bot.`,
    });
    const logs = new LogGroup(this, 'Logs', {
      retention: props.stage.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.deadLetters = props.invokedByEvents ? new DeadLetterQueue(this, 'DeadLetters') : null;
    this.lambda = new Lambda(this, 'Function', {
      ...(props.name === undefined ? {} : { functionName: props.name }),
      description: props.description,
      role: this.role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.code),
      memorySize: props.memoryMB,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment },
      ...(props.python === undefined
        ? { runtime: Runtime.NODEJS_24_X, handler: 'index.handler' }
        : {
            runtime: Runtime.PYTHON_3_13,
            handler: props.python.handler,
            ephemeralStorageSize: Size.mebibytes(props.python.storageMB),
          }),
      ...(this.deadLetters === null ? {} : { deadLetterQueue: this.deadLetters }),
      // A durable function retries from its journal, not through Lambda's event queue.
      ...(this.deadLetters === null || props.durable !== undefined ? {} : repeatedByLambda),
      ...(props.durable === undefined
        ? {}
        : {
            durableConfig: props.durable,
            // Waiting runs are pinned to the version that started them.
            currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
          }),
    });
    if (props.python !== undefined) {
      acknowledge(this.lambda, {
        'AwsSolutions-L1': 'Python 3.13 is the newest version that training/ is tested with.',
      });
    }
    this.#policies = new PolicyPages(this, this.role);
    this.allow({
      sid: 'WriteOwnLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logs.logGroupArn],
      because: 'The ARN of a log group ends in `:*`, for its streams.',
    });
  }

  /**
   * `because` is required when a resource ends in a wildcard: the reason why cdk-nag may accept it.
   */
  allow(statement: {
    readonly sid: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly conditions?: Readonly<Record<string, unknown>>;
    readonly because?: string;
  }): this {
    const { sid, actions, resources, conditions, because } = statement;
    const policies = this.#policies.add(
      new PolicyStatement({
        sid,
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
    if (because !== undefined) {
      for (const policy of policies) {
        for (const resource of resources) {
          acknowledge(policy, { [`AwsSolutions-IAM5[…${wildcardEnd(resource)}]`]: because });
        }
      }
    }
    return this;
  }
}

/** The end of an ARN after its last unresolved token: `/datasets/*`, `:*` or `*`. */
function wildcardEnd(resource: string): string {
  const literals = resource.split(/\$\{Token\[[^\]]*\]\}/);
  return literals.at(-1) ?? resource;
}
