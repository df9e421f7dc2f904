// Lambda as far as we use it, on the real wire: invocations, and durable executions on AWS's own
// test runner. Reproduced: names that start once, qualifiers, journals in pages, callbacks that are
// answered once, the event at the end of an execution. Not reproduced: limits, retries of invocations
// that break, and time: a callback whose time is up by the clock of the test is
// answered like one that is resumed, unless the test waits for the runner's own, real timeout.
import { randomUUID } from 'node:crypto';
import type { DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, beforeAll } from 'vitest';
import type { Scheduler } from '../../pipeline/local/durable/alarm.ts';
import { type DurableExecution, startDurableExecution } from './lambda-server/durable-execution.ts';
import type { EventBridgeEvent } from './sagemaker-server.ts';
import { type ServiceAnswer, type ServiceRequest, serve } from './serve.ts';
import { account, ServiceError } from './service-error.ts';

/** AWS's checkpoint server, for the tests of the surrounding `describe`. */
export function useDurableRunner(): void {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment());
  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());
}

/** A server on a free port; it is closed when the test has finished. */
export async function createLambdaServer({ scheduler }: { readonly scheduler: Scheduler }) {
  const durables = new Map<string, DurableLambdaHandler>();
  const functions = new Map<string, (payload: unknown) => Promise<unknown>>();
  const byName = new Map<string, DurableExecution>();
  const byArn = new Map<string, DurableExecution>();
  const listeners = new Set<(event: EventBridgeEvent) => void>();
  const watchers = new Set<() => void>();
  const troubles: unknown[] = [];
  let calls = 0;

  function changed(): void {
    for (const watcher of watchers) watcher();
  }

  /** Resolves when the condition holds. */
  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watcher = () => {
        if (!holds()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
      watcher();
    });
  }

  function start(functionName: string, name: string, payload: unknown): string {
    const handler = durables.get(functionName);
    if (handler === undefined) throw unknown(functionName);
    const functionArn = `arn:aws:lambda:us-east-1:${account}:function:${functionName}:1`;
    const arn = `${functionArn}/durable-execution/${name}/${randomUUID()}`;
    const emit = (status: string) => {
      const detail = { durableExecutionArn: arn, durableExecutionName: name, functionArn, status };
      for (const listener of listeners) {
        listener({
          source: 'aws.lambda',
          'detail-type': 'Durable Execution Status Change',
          detail,
        });
      }
    };
    emit('RUNNING');
    const execution = startDurableExecution({
      arn,
      payload,
      handler,
      scheduler,
      onChange: changed,
      onEnd: emit,
      onTrouble: (error) => void troubles.push(error),
    });
    byName.set(name, execution);
    byArn.set(arn, execution);
    return arn;
  }

  async function invoke([name = '']: readonly string[], request: ServiceRequest) {
    const [functionName = '', qualifier] = name.replace(/^arn:.*:function:/, '').split(':');
    const plain = functions.get(functionName);
    if (plain !== undefined) return { body: JSON.stringify(await plain(JSON.parse(request.body))) };
    if (qualifier === undefined) {
      throw new ServiceError(
        'InvalidParameterValueException',
        'You cannot invoke a durable function using an unqualified ARN.',
      );
    }
    const executionName = String(request.headers['x-amz-durable-execution-name']);
    const known = byName.get(executionName);
    const payload: unknown = JSON.parse(request.body);
    if (known === undefined) {
      start(functionName, executionName, payload);
    } else if (JSON.stringify(known.payload) !== JSON.stringify(payload)) {
      throw new ServiceError(
        'DurableExecutionAlreadyStartedException',
        `${executionName} was started with another payload.`,
        { status: 409 },
      );
    }
    return { status: 202, body: '' };
  }

  async function checkpoint([arn = '']: readonly string[], { body }: ServiceRequest) {
    return answer(await executionOf(arn).checkpoint(JSON.parse(body)));
  }

  async function state([arn = '']: readonly string[], { query }: ServiceRequest) {
    return answer(executionOf(arn).state(Number(query.get('Marker'))));
  }

  async function list([name = '']: readonly string[], { query }: ServiceRequest) {
    const functionName = name.replace(/^arn:.*:function:/, '');
    if (!durables.has(functionName)) throw unknown(functionName);
    const found = [...byArn].map(([DurableExecutionArn, execution]) => ({
      DurableExecutionArn,
      DurableExecutionName: DurableExecutionArn.split('/')[2] ?? '',
      FunctionArn: DurableExecutionArn.split('/')[0],
      Status: execution.status(),
      StartTimestamp: 0,
    }));
    const part = query.get('DurableExecutionName') ?? '';
    return answer({
      DurableExecutions: found.filter((each) => each.DurableExecutionName.includes(part)),
    });
  }

  async function succeed([callbackId = '']: readonly string[], { body }: ServiceRequest) {
    const execution = [...byName.values()].find((each) => each.has(callbackId));
    if (execution === undefined) {
      throw new ServiceError('CallbackTimeoutException', 'The callback is closed.');
    }
    await execution.succeed(callbackId, body);
    return { body: '{}' };
  }

  function executionOf(arn: string): DurableExecution {
    const execution = byArn.get(arn);
    if (execution === undefined) throw unknown(arn);
    return execution;
  }

  const routes = [
    [/^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/, invoke],
    [/^POST \/2025-12-01\/durable-executions\/([^/]+)\/checkpoint$/, checkpoint],
    [/^GET \/2025-12-01\/durable-executions\/([^/]+)\/state$/, state],
    [/^GET \/2025-12-01\/functions\/([^/]+)\/durable-executions$/, list],
    [/^POST \/2025-12-01\/durable-execution-callbacks\/([^/]+)\/succeed$/, succeed],
  ] as const;

  const endpoint = await serve(async (request): Promise<ServiceAnswer> => {
    calls += 1;
    for (const [pattern, handle] of routes) {
      const match = pattern.exec(`${request.method} ${request.path}`);
      if (match !== null) return handle(match.slice(1).map(decodeURIComponent), request);
    }
    throw new ServiceError('UnknownOperationException', request.path);
  });

  return {
    endpoint,
    durable: (name: string, handler: DurableLambdaHandler) => void durables.set(name, handler),
    function: (name: string, work: (payload: unknown) => Promise<unknown>) =>
      void functions.set(name, work),
    onEvent: (listener: (event: EventBridgeEvent) => void) => void listeners.add(listener),
    /** Names of the executions, in order of their start. */
    started: () => [...byName.keys()],
    status: (name: string) => byName.get(name)?.status(),
    /** Lambda ends an execution in the middle of whatever it does. */
    cutOff(name: string): void {
      const execution = byName.get(name);
      if (execution === undefined) throw unknown(name);
      execution.cutOff();
    },
    /** Requests so far, to see whether something happened. */
    calls: () => calls,
    /** Resolves when every execution has ended or waits for a callback. */
    async idle(): Promise<void> {
      await until(() => [...byName.values()].every((execution) => execution.isParked()));
      if (troubles.length > 0) throw troubles.shift();
    },
    /** Resolves when another callback of the execution has timed out by the real clock. */
    async timeout(name: string): Promise<void> {
      const execution = byName.get(name);
      const before = execution?.timeouts() ?? 0;
      await until(() => (execution?.timeouts() ?? 0) > before);
    },
  };
}

function unknown(name: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `${name} is not known.`, { status: 404 });
}

/** REST-JSON: times are seconds. */
function answer(value: unknown): ServiceAnswer {
  const body = JSON.stringify(value, function (this: Record<string, unknown>, key, text: unknown) {
    const member = this[key];
    return member instanceof Date ? member.getTime() / 1000 : text;
  });
  return { headers: { 'content-type': 'application/json' }, body };
}
