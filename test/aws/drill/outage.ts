import type { AwsClients } from '../../../pipeline/aws/clients.ts';
import type { Clock } from '../../../pipeline/core/ports.ts';

/** What a drill takes away. */
export const dependencies = [
  'S3',
  'DynamoDB',
  'SageMaker',
  'EventBridge',
  'SQS',
  'Lambda callbacks',
  'Slack',
] as const;
export type Dependency = (typeof dependencies)[number];

/** How each service refuses a caller that asks too often. */
const refusals: Readonly<Record<Dependency, string>> = {
  S3: 'SlowDown',
  DynamoDB: 'ThrottlingException',
  SageMaker: 'ThrottlingException',
  EventBridge: 'ThrottlingException',
  SQS: 'RequestThrottled',
  'Lambda callbacks': 'TooManyRequestsException',
  Slack: 'ServiceUnavailable',
};

/** Throttles one dependency (Slack answers nothing but errors) from `begin` on, for so many seconds by the clock of the test. */
export function createOutage(dependency: Dependency, seconds: number, clock: Clock) {
  let until: number | null = null;
  let refused = 0;
  const isOut = (called: Dependency) =>
    called === dependency && until !== null && clock.now().getTime() < until;
  return {
    isOut,
    begin(): void {
      until ??= clock.now().getTime() + seconds * 1000;
    },
    hasBegun: () => until !== null,
    isOver: () => until !== null && clock.now().getTime() >= until,
    refused: () => refused,
    /** @throws as the SDK would, while it is the turn of the dependency. */
    check(called: Dependency): void {
      if (!isOut(called)) return;
      refused += 1;
      throw Object.assign(new Error('Rate exceeded'), {
        name: refusals[called],
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
        $retryable: { throttling: true },
      });
    },
  };
}

export type Outage = ReturnType<typeof createOutage>;

const clientsOf: Readonly<Partial<Record<keyof AwsClients, Dependency>>> = {
  s3: 'S3',
  dynamo: 'DynamoDB',
  sageMaker: 'SageMaker',
  sageMakerRuntime: 'SageMaker',
  eventBridge: 'EventBridge',
};

/** Has every attempt of the clients fail while their service is out. */
export function exposeTo(outage: Outage, clients: AwsClients): void {
  for (const [name, dependency] of Object.entries(clientsOf)) {
    const { middlewareStack } = clients[name as keyof typeof clientsOf];
    (middlewareStack as unknown as Stack).add(
      (next) => async (args) => {
        outage.check(dependency);
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
  }
}

interface Stack {
  add(
    middleware: (next: (args: unknown) => unknown) => (args: unknown) => unknown,
    place: { readonly step: string; readonly priority: string },
  ): void;
}
