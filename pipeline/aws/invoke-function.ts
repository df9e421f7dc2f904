import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { errorMessage, errorName } from './aws-errors.ts';
import { type ClientOptions, clientSettings } from './client-settings.ts';

/** The outcome of invoking a function and waiting for its answer. */
export type Invocation =
  | { readonly kind: 'answered'; readonly payload: unknown }
  /** It threw or ran out of time; its log has the details under the id of the request. */
  | { readonly kind: 'failed'; readonly requestId: string }
  /** AWS did not start it, or it is unknown whether it started. */
  | {
      readonly kind: 'not_answered';
      readonly because: Obstacle;
      /** What the SDK says; of AWS, never of our function. */
      readonly detail: string;
    };

export type Obstacle =
  | 'no_credentials'
  | 'credentials_refused'
  | 'forbidden'
  | 'no_function'
  | 'throttled'
  | 'late'
  | 'unreachable';

/** Longer than any of our functions that are waited for may run (`infra/stacks`). */
const REQUEST_MILLISECONDS = 35_000;

/**
 * Invokes one function for people and CI outside AWS, with the default credential chain. The SDK
 * repeats throttled and interrupted calls, so the function must accept the same payload twice.
 */
export function createFunctionInvoker({
  functionName,
  ...options
}: ClientOptions & { readonly functionName: string }): (payload: unknown) => Promise<Invocation> {
  const client = new LambdaClient(clientSettings(options, REQUEST_MILLISECONDS));
  return async (payload) => {
    try {
      const { FunctionError, Payload, $metadata } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(payload) }),
      );
      if (FunctionError !== undefined) {
        return { kind: 'failed', requestId: $metadata.requestId ?? 'unknown' };
      }
      return { kind: 'answered', payload: JSON.parse(Payload?.transformToString() ?? 'null') };
    } catch (error) {
      return { kind: 'not_answered', because: obstacleOf(error), detail: errorMessage(error) };
    }
  };
}

const obstacles: Readonly<Record<string, Obstacle>> = {
  CredentialsProviderError: 'no_credentials',
  TokenProviderError: 'no_credentials',
  ExpiredTokenException: 'credentials_refused',
  UnrecognizedClientException: 'credentials_refused',
  InvalidSignatureException: 'credentials_refused',
  AccessDeniedException: 'forbidden',
  ResourceNotFoundException: 'no_function',
  TooManyRequestsException: 'throttled',
  ThrottlingException: 'throttled',
  TimeoutError: 'late',
};

function obstacleOf(error: unknown): Obstacle {
  const name = errorName(error);
  return (Object.hasOwn(obstacles, name) ? obstacles[name] : undefined) ?? 'unreachable';
}
