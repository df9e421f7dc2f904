import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CallbackTimeoutException,
  DurableExecutionAlreadyStartedException,
  InvokeCommand,
  type InvokeCommandOutput,
  LambdaClient,
  ResourceNotFoundException,
  SendDurableExecutionCallbackSuccessCommand,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { createEventBridgeBus } from '../../pipeline/aws/event-bridge-bus.ts';
import { createLambdaDatasetPreparer } from '../../pipeline/aws/lambda-dataset-preparer.ts';
import { createLambdaExecutions } from '../../pipeline/aws/lambda-executions.ts';
import { aPrepareReport, runStarted } from '../fakes/samples.ts';

const said = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);
/** The SDK's own class adds a method to the bytes that is never called here. */
const answer = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value)) as NonNullable<InvokeCommandOutput['Payload']>;

function makeLambda() {
  const lambda = mockClient(LambdaClient);
  lambda.rejects(new Error('The test did not set this call.'));
  return { lambda, client: new LambdaClient({ region: 'us-east-1' }) };
}

describe('createLambdaExecutions', () => {
  const functionName = 'arn:aws:lambda:us-east-1:123456789012:function:pipeline:live';

  it('starts an execution by its name, without waiting', async () => {
    const { lambda, client } = makeLambda();
    lambda.on(InvokeCommand).resolves({});

    await createLambdaExecutions({ client, functionName }).start({
      name: 'spam-aaaaaaaa',
      input: { runId: 'spam-aaaaaaaa' },
    });

    const { Payload, ...input } = lambda.commandCalls(InvokeCommand)[0]?.args[0].input ?? {};
    expect(input).toEqual({
      FunctionName: functionName,
      InvocationType: 'Event',
      DurableExecutionName: 'spam-aaaaaaaa',
    });
    expect(said(Payload)).toBe('{"runId":"spam-aaaaaaaa"}');
  });

  it('refuses a name that was started with another input', async () => {
    const { lambda, client } = makeLambda();
    lambda
      .on(InvokeCommand)
      .rejects(new DurableExecutionAlreadyStartedException({ message: 'other', $metadata: {} }));

    const started = createLambdaExecutions({ client, functionName }).start({
      name: 'spam-aaaaaaaa',
      input: {},
    });

    await expect(started).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses a name that Lambda would not take', async () => {
    const { client } = makeLambda();

    const started = createLambdaExecutions({ client, functionName }).start({
      name: 'no spaces',
      input: {},
    });

    await expect(started).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it.each([
    ['is closed', new CallbackTimeoutException({ message: 'closed', $metadata: {} })],
    ['no longer exists', new ResourceNotFoundException({ message: 'gone', $metadata: {} })],
  ])('says that a callback which %s was not accepted', async (_, error) => {
    const { lambda, client } = makeLambda();
    const executions = createLambdaExecutions({ client, functionName });
    lambda.on(SendDurableExecutionCallbackSuccessCommand).resolvesOnce({}).rejectsOnce(error);

    expect(await executions.succeedCallback('id', '')).toEqual({ accepted: true });
    expect(await executions.succeedCallback('id', '')).toEqual({ accepted: false });
  });
});

describe('createLambdaDatasetPreparer', () => {
  const request = {
    inputKey: 'datasets/spam/0123456789ab/mails.csv',
    appendTo: [],
    fileName: 'mails.csv',
    outputPrefix: 'runs/spam-aaaaaaaa/prepared/',
    task: 'text-classification' as const,
    labelColumn: 'label',
    textColumn: 'text',
    groupColumn: null,
    timeColumn: null,
    sliceColumns: ['country'],
    onConflict: 'keep' as const,
    earlier: [],
  };

  it('hands the request to the function and returns its report', async () => {
    const { lambda, client } = makeLambda();
    lambda.on(InvokeCommand).resolves({ Payload: answer(aPrepareReport()) });
    const options = { client, functionName: 'prepare', bucket: 'artifacts' };

    const report = await createLambdaDatasetPreparer(options).prepare(request);

    expect(report).toEqual(aPrepareReport());
    const input = lambda.commandCalls(InvokeCommand)[0]?.args[0].input;
    expect(JSON.parse(said(input?.Payload))).toEqual({ bucket: 'artifacts', ...request });
  });

  it.each([
    [{ errorType: 'RuntimeError', errorMessage: 'no' }, 'The dataset could not be prepared.'],
    [
      { errorMessage: '2026-11-22T09:00:00Z x Task timed out after 300.00 seconds' },
      'Preparing the dataset took too long.',
    ],
  ])('explains the function error %j', async (error, message) => {
    const { lambda, client } = makeLambda();
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: answer(error) });
    const options = { client, functionName: 'prepare', bucket: 'artifacts' };

    const prepared = createLambdaDatasetPreparer(options).prepare(request);

    await expect(prepared).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      message,
      retryable: false,
    });
  });

  it('may be asked again when the function was not reached', async () => {
    const { lambda, client } = makeLambda();
    lambda.on(InvokeCommand).rejects(new TooManyRequestsException({ message: '', $metadata: {} }));
    const options = { client, functionName: 'prepare', bucket: 'artifacts' };

    const prepared = createLambdaDatasetPreparer(options).prepare(request);

    await expect(prepared).rejects.toMatchObject({ code: 'PREPARE_FAILED', retryable: true });
  });
});

describe('createEventBridgeBus', () => {
  function makeBus() {
    const eventBridge = mockClient(EventBridgeClient);
    const client = new EventBridgeClient({ region: 'us-east-1' });
    return { eventBridge, bus: createEventBridgeBus({ client, busName: 'mlops' }) };
  }

  it('publishes the event as it is', async () => {
    const { eventBridge, bus } = makeBus();
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    const event = runStarted();

    await bus.publish(event);

    expect(eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input).toEqual({
      Entries: [
        {
          EventBusName: 'mlops',
          Source: 'mlops-bot',
          DetailType: 'RunStarted',
          Time: new Date(event.at),
          Detail: JSON.stringify(event),
        },
      ],
    });
  });

  it('leaves the details out of an event that is too large', async () => {
    const { eventBridge, bus } = makeBus();
    eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    const event = runStarted({ reason: 'ü'.repeat(200_000) });

    await bus.publish(event);

    const entry = eventBridge.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0];
    expect(JSON.parse(entry?.Detail ?? '')).toEqual({
      type: 'RunStarted',
      runId: event.runId,
      at: event.at,
      isShortened: true,
    });
  });

  it('does not take a failed entry for a published one', async () => {
    const { eventBridge, bus } = makeBus();
    eventBridge
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] });

    await expect(bus.publish(runStarted())).rejects.toMatchObject({ retryable: true });
  });
});
