import {
  InvokeCommand,
  type LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { MlopsError } from '../core/errors.ts';
import type { Executions } from '../core/ports.ts';
import { isNotFound, isOneOf } from './aws-errors.ts';

/** A durable execution's name, `DurableExecutionName` of Invoke. */
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * {@link Executions} on Lambda durable functions. Lambda keeps the name of an execution taken for
 * its retention; run names are unique for ever, so that a run starts once.
 *
 * @param options.functionName with a qualifier (alias or version): an execution stays with the
 * version that started it, and an unqualified name is refused.
 */
export function createLambdaExecutions({
  client,
  functionName,
}: {
  readonly client: LambdaClient;
  readonly functionName: string;
}): Executions {
  return {
    async start({ name, input }) {
      if (!NAME.test(name)) {
        throw new MlopsError('CONFLICT', `"${name}" cannot name an execution.`, {
          hint: 'Use 1 to 64 letters, digits, "-" and "_".',
        });
      }
      try {
        await client.send(
          new InvokeCommand({
            FunctionName: functionName,
            InvocationType: 'Event',
            DurableExecutionName: name,
            Payload: new TextEncoder().encode(JSON.stringify(input ?? {})),
          }),
        );
      } catch (cause) {
        // Only another payload comes here; the same one is answered like the first time.
        if (!isOneOf(cause, 'DurableExecutionAlreadyStartedException')) throw cause;
        throw new MlopsError('CONFLICT', `${name} was already started with another input.`, {
          cause,
        });
      }
    },
    async isRunning(name) {
      const statuses: (string | undefined)[] = [];
      let Marker: string | undefined;
      do {
        const page = await client.send(
          new ListDurableExecutionsByFunctionCommand({
            // Of every version: the one that started the execution may not be live any more.
            FunctionName: functionName.replace(/:[^:]+$/, ''),
            DurableExecutionName: name,
            Marker,
          }),
        );
        for (const { DurableExecutionName, Status } of page.DurableExecutions ?? []) {
          // AWS documents both "matches" and "contains".
          if (DurableExecutionName === name) statuses.push(Status);
        }
        Marker = page.NextMarker;
      } while (Marker);
      return statuses.length === 0 ? null : statuses.includes('RUNNING');
    },
    async succeedCallback(callbackId, payload) {
      try {
        await client.send(
          new SendDurableExecutionCallbackSuccessCommand({
            CallbackId: callbackId,
            Result: new TextEncoder().encode(payload),
          }),
        );
        return { accepted: true };
      } catch (error) {
        // Answered before, timed out, or of an execution that has ended.
        if (isOneOf(error, 'CallbackTimeoutException') || isNotFound(error)) {
          return { accepted: false };
        }
        throw error;
      }
    },
  };
}
