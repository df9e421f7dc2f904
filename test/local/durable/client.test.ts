import type { OperationUpdate } from '@aws/durable-execution-sdk-js';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { createDurableClient } from '../../../pipeline/local/durable/client.ts';
import { createExecutionStore, toArn } from '../../../pipeline/local/durable/execution-store.ts';
import { createManualTime, SECOND } from './harness.ts';

const step = (Action: OperationUpdate['Action'], more: Partial<OperationUpdate> = {}) =>
  ({ Id: 'a', Type: 'STEP', Name: 'train', Action, ...more }) satisfies OperationUpdate;

/** A client, and one execution in its first invocation with the token `t0`. */
function createService() {
  const time = createManualTime();
  const database = openDatabase(':memory:');
  const client = createDurableClient({ database, clock: time.clock });
  const executions = createExecutionStore(database);
  executions.insert({ id: 'e1', name: 'run', input: '{}' }, time.clock.now().getTime());
  executions.begin('e1', 't0');
  const DurableExecutionArn = toArn({ id: 'e1', name: 'run' });
  let CheckpointToken = 't0';
  return {
    time,
    client,
    executions,
    DurableExecutionArn,
    token: () => CheckpointToken,
    async checkpoint(...Updates: OperationUpdate[]) {
      const response = await client.checkpoint({ DurableExecutionArn, CheckpointToken, Updates });
      CheckpointToken = response.CheckpointToken ?? CheckpointToken;
      return response.NewExecutionState?.Operations ?? [];
    },
    async state() {
      const request = { DurableExecutionArn, CheckpointToken };
      const { Operations = [] } = await client.getExecutionState(request);
      return Operations.map(({ Id, Status }) => `${Id} ${Status}`);
    },
  };
}

describe('checkpoint tokens', () => {
  it('are good for one checkpoint', async () => {
    const service = createService();
    await service.checkpoint(step('START'));

    const again = service.client.checkpoint({
      DurableExecutionArn: service.DurableExecutionArn,
      CheckpointToken: 't0',
      Updates: [step('SUCCEED')],
    });

    await expect(again).rejects.toMatchObject({ scope: 'INVOCATION' });
    expect(await service.state()).toEqual(['e1 STARTED', 'a STARTED']);
  });

  it('of an earlier invocation are refused', async () => {
    const service = createService();
    service.executions.begin('e1', 't1');

    await expect(service.checkpoint(step('START'))).rejects.toMatchObject({ scope: 'INVOCATION' });
    await expect(service.state()).rejects.toMatchObject({ scope: 'INVOCATION' });
  });

  it('may be sent again with the same ClientToken, which answers the same and applies nothing', async () => {
    const service = createService();
    const request = {
      DurableExecutionArn: service.DurableExecutionArn,
      CheckpointToken: 't0',
      ClientToken: 'c1',
      Updates: [step('START')],
    };

    const first = await service.client.checkpoint(request);
    const second = await service.client.checkpoint(request);

    expect(second).toEqual(first);
  });

  it.each([
    ['an unknown execution', 'arn:aws:lambda:::x/unknown', 'There is no execution'],
    ['an ended execution', toArn({ id: 'e1', name: 'run' }), 'The execution run is STOPPED.'],
  ])('do not help with %s', async (_case, DurableExecutionArn, message) => {
    const service = createService();
    service.executions.end('e1', { status: 'STOPPED', error: {} }, 0);

    const checkpoint = service.client.checkpoint({ DurableExecutionArn, CheckpointToken: 't0' });

    await expect(checkpoint).rejects.toMatchObject({ scope: 'EXECUTION' });
    await expect(checkpoint).rejects.toThrow(message);
  });
});

describe('checkpoint batches', () => {
  it('are applied as a whole or not at all', async () => {
    const service = createService();

    const refused = service.checkpoint(step('START'), step('RETRY', { Id: 'b' }));

    await expect(refused).rejects.toMatchObject({ scope: 'EXECUTION' });
    expect(await service.state()).toEqual(['e1 STARTED']);
  });

  it('count attempts and carry results, errors and next attempts', async () => {
    const service = createService();

    await service.checkpoint(step('START'));
    const [pending] = await service.checkpoint(
      step('RETRY', { Error: { ErrorMessage: 'no' }, StepOptions: { NextAttemptDelaySeconds: 5 } }),
    );
    await service.time.advance(5 * SECOND);
    const [ready] = await service.checkpoint();
    await service.checkpoint(step('START'));
    const [done] = await service.checkpoint(step('SUCCEED', { Payload: '42' }));

    expect(pending).toMatchObject({
      Status: 'PENDING',
      StepDetails: { Attempt: 1, NextAttemptTimestamp: '2040-01-01T00:00:05.000Z' },
    });
    expect(ready).toMatchObject({ Status: 'READY', StepDetails: { Attempt: 1 } });
    expect(done).toMatchObject({
      Status: 'SUCCEEDED',
      EndTimestamp: '2040-01-01T00:00:05.000Z',
      StepDetails: { Attempt: 2, Result: '42' },
    });
  });

  it.each<[string, OperationUpdate[], string]>([
    ['a second start', [step('START'), step('START')], 'STEP START is not possible from STARTED'],
    [
      'a step that ended twice',
      [step('SUCCEED'), step('FAIL')],
      'STEP FAIL is not possible from SUCCEEDED ("train")',
    ],
    ['a retry without delay', [step('RETRY')], 'STEP RETRY needs StepOptions.'],
    ['an unknown parent', [step('START', { ParentId: 'p' })], 'names an unknown parent'],
    ['an operation without Id', [step('START', { Id: undefined })], 'needs an Id'],
    ['an action of another type', [step('CANCEL')], 'STEP CANCEL is not a valid action.'],
    [
      'another type under the same Id',
      [step('START'), { Id: 'a', Type: 'WAIT', Action: 'START' }],
      'WAIT START names an operation of type STEP.',
    ],
    [
      'a result above 256 KB',
      [step('SUCCEED', { Payload: 'x'.repeat(256 * 1024 + 1) })],
      'store it and return its key',
    ],
    [
      'an error above 32 KB',
      [step('FAIL', { Error: { ErrorMessage: 'x'.repeat(32 * 1024) } })],
      'shorten it',
    ],
    [
      'a heartbeat',
      [
        {
          Id: 'c',
          Type: 'CALLBACK',
          Action: 'START',
          CallbackOptions: { HeartbeatTimeoutSeconds: 1 },
        },
      ],
      'heartbeatTimeout is not available',
    ],
  ])('refuse %s', async (_case, updates, message) => {
    const service = createService();

    const checkpoint = service.checkpoint(...updates);

    await expect(checkpoint).rejects.toMatchObject({ scope: 'EXECUTION' });
    await expect(checkpoint).rejects.toThrow(message);
  });

  it('tell once of what changed outside', async () => {
    const service = createService();
    const wait = {
      Id: 'w',
      Type: 'WAIT',
      Action: 'START',
      WaitOptions: { WaitSeconds: 1 },
    } as const;

    const started = await service.checkpoint(wait);
    await service.time.advance(SECOND);
    const due = await service.checkpoint();
    const after = await service.checkpoint();

    expect([started, due, after].map((list) => list.map(({ Status }) => Status))).toEqual([
      ['STARTED'],
      ['SUCCEEDED'],
      [],
    ]);
  });
});

describe('execution state', () => {
  const context = (Action: OperationUpdate['Action'], more: Partial<OperationUpdate> = {}) =>
    ({ Id: 'p', Type: 'CONTEXT', Action, ...more }) satisfies OperationUpdate;

  it.each([
    { replay: false, left: ['e1 STARTED', 'p SUCCEEDED'] },
    { replay: true, left: ['e1 STARTED', 'p SUCCEEDED', 'a STARTED', 'q STARTED', 'b STARTED'] },
  ])('of a finished context with ReplayChildren $replay', async ({ replay, left }) => {
    const service = createService();
    await service.checkpoint(
      context('START'),
      step('START', { ParentId: 'p' }),
      context('START', { Id: 'q', ParentId: 'p' }),
      step('START', { Id: 'b', ParentId: 'q' }),
    );

    await service.checkpoint(context('SUCCEED', { ContextOptions: { ReplayChildren: replay } }));

    expect(await service.state()).toEqual(left);
  });

  it('comes in pages', async () => {
    const service = createService();
    await service.checkpoint(...['a', 'b', 'c'].map((Id) => step('START', { Id })));
    const { client, DurableExecutionArn } = service;
    const request = { DurableExecutionArn, CheckpointToken: service.token(), MaxItems: 3 };

    const first = await client.getExecutionState(request);
    const second = await client.getExecutionState({ ...request, Marker: first.NextMarker });

    expect(first.Operations?.map(({ Id }) => Id)).toEqual(['e1', 'a', 'b']);
    expect(second.Operations?.map(({ Id }) => Id)).toEqual(['c']);
    expect(second.NextMarker).toBeUndefined();
  });
});
