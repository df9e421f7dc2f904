import {
  createRetryStrategy,
  type DurableContext,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';
import {
  LocalDurableTestRunner,
  WaitingOperationStatus,
} from '@aws/durable-execution-sdk-js-testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Handler, HOUR } from './harness.ts';

interface Shape {
  readonly id: string | undefined;
  readonly parent: string | undefined;
  readonly type: string | undefined;
  readonly subType: string | undefined;
  readonly name: string | undefined;
  readonly status: string | undefined;
}

const flaky = async ({ attempt }: { attempt: number }) => {
  if (attempt < 3) throw new Error(`attempt ${attempt}`);
  return attempt;
};
const retryStrategy = createRetryStrategy({ maxAttempts: 3, initialDelay: { seconds: 1 } });

/** What comes to the callback of a handler once the handler has parked; null when nothing does. */
type Reply = { readonly success: string } | { readonly failure: string } | null;

const asking = (seconds: number) => (context: DurableContext) =>
  context
    .waitForCallback('question', async () => {}, { timeout: { seconds } })
    .catch((error) => String(error));

const HANDLERS: readonly [string, (context: DurableContext) => Promise<unknown>, Reply?][] = [
  [
    'steps and waits',
    async (context) => {
      const one = await context.step('one', async () => ({ a: 1 }));
      await context.wait('pause', { seconds: 5 });
      await context.wait({ minutes: 1 });
      return [one, await context.step(async () => 'unnamed')];
    },
  ],
  ['a step that succeeds at last', (context) => context.step('flaky', flaky, { retryStrategy })],
  [
    'a step that fails for good',
    async (context) => {
      const failing = async () => Promise.reject(new TypeError('broken'));
      const strategy = createRetryStrategy({ maxAttempts: 2, initialDelay: { seconds: 1 } });
      return context
        .step('broken', failing, { retryStrategy: strategy })
        .catch((error) => String(error));
    },
  ],
  [
    'a handler that throws',
    async (context) => {
      await context.step('one', async () => 1);
      throw new Error('no way');
    },
  ],
  [
    'polling',
    (context) =>
      context.waitForCondition('job', async (polls: number) => polls + 1, {
        initialState: 0,
        waitStrategy: (polls) =>
          polls < 4 ? { shouldContinue: true, delay: { seconds: 30 } } : { shouldContinue: false },
      }),
  ],
  [
    'branches, items and child contexts',
    async (context) => {
      const branches = await context.parallel('branches', [
        { name: 'left', func: async (branch) => branch.step('work', async () => 'left') },
        {
          name: 'right',
          func: async (branch) => {
            await branch.wait('pause', { seconds: 1 });
            return branch.step('work', async () => 'right');
          },
        },
      ]);
      const items = await context.map('items', [1, 2, 3], (item, value) =>
        item.step('square', async () => value * value),
      );
      const sum = await context.runInChildContext('sum', (child) =>
        child.step('add', async () => items.getResults().reduce((a, b) => a + b, 0)),
      );
      return [branches.getResults(), sum];
    },
  ],
  ['a callback that is answered', asking(3600), { success: 'yes' }],
  ['a callback that is refused', asking(3600), { failure: 'no' }],
  // The official runner waits for this one in real time.
  ['a callback that times out', asking(1)],
];

/** Operations of the two runs side by side: ids are hashes of the path, so they match too. */
function compare(one: Shape, other: Shape): number {
  return `${one.id}`.localeCompare(`${other.id}`);
}

async function runOfficially(handler: Handler<unknown>, reply: Reply) {
  const runner = new LocalDurableTestRunner({ handlerFunction: withDurableExecution(handler) });
  const running = runner.run({ payload: {} });
  if (reply !== null) {
    const question = runner.getOperation('question');
    await question.waitForData(WaitingOperationStatus.SUBMITTED);
    if ('success' in reply) await question.sendCallbackSuccess(reply.success);
    else await question.sendCallbackFailure({ ErrorMessage: reply.failure });
  }
  const run = await running;
  const operations = run.getOperations().map((operation) => ({
    id: operation.getId(),
    parent: operation.getParentId(),
    type: operation.getType(),
    subType: operation.getSubType(),
    name: operation.getName(),
    status: operation.getStatus(),
  }));
  const status = run.getStatus();
  const ending = status === 'SUCCEEDED' ? run.getResult() : { error: run.getError().errorMessage };
  return { status, ending, operations: operations.sort(compare) };
}

async function runLocally(handler: Handler<unknown>, reply: Reply) {
  const world = createWorld(handler);
  await world.run();
  if (reply !== null) {
    const callbackId = world.engine
      .describe('run')
      ?.operations.find(({ Type }) => Type === 'CALLBACK')?.CallbackDetails?.CallbackId;
    if (callbackId === undefined) throw new Error('The handler asks nothing.');
    if ('success' in reply) await world.engine.succeedCallback(callbackId, reply.success);
    else await world.engine.failCallback(callbackId, { ErrorMessage: reply.failure });
  }
  await world.advance(HOUR);
  const description = world.engine.describe('run');
  const operations = (description?.operations ?? []).map((operation) => ({
    id: operation.Id,
    parent: operation.ParentId,
    type: operation.Type,
    subType: operation.SubType,
    name: operation.Name,
    status: operation.Status,
  }));
  const status = description?.status;
  const ending =
    status === 'SUCCEEDED' ? description?.result : { error: description?.error?.ErrorMessage };
  return { status, ending, operations: operations.sort(compare) };
}

describe("the SDK's own test runner", () => {
  const official = new Map<string, Awaited<ReturnType<typeof runOfficially>>>();

  // Its environment replaces the timers of this process, so all its runs come first.
  beforeAll(async () => {
    await LocalDurableTestRunner.setupTestEnvironment({ skipTime: true });
    for (const [name, handler, reply = null] of HANDLERS) {
      official.set(name, await runOfficially((_input, context) => handler(context), reply));
    }
    await LocalDurableTestRunner.teardownTestEnvironment();
  }, 60_000);

  it.each(HANDLERS)('agrees about %s', async (name, handler, reply = null) => {
    const local = await runLocally((_input, context) => handler(context), reply);

    expect(local.operations.length).toBeGreaterThan(0);
    expect(local).toEqual(official.get(name));
  });
});
