import {
  InvokeEndpointCommand,
  type SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { endpointError } from '../../core/endpoint-error.ts';
import { MlopsError } from '../../core/errors.ts';
import { errorMessage, isOneOf } from '../aws-errors.ts';

const MAX_REASON_CHARACTERS = 500;

/** Errors that say nothing about the model: concurrency, a cold start, trouble at AWS. */
const passing = [
  'ThrottlingException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'ModelNotReadyException',
  'InternalFailure',
  'InternalDependencyException',
  'TimeoutError',
];

/**
 * Invokes the endpoint as an application would.
 * @throws {MlopsError} `VERIFICATION_FAILED`: the model's own error text, or, retryable, why it was
 * not reached.
 */
export async function invokeEndpoint(
  client: SageMakerRuntimeClient,
  { endpointName, body, contentType }: { endpointName: string; body: string; contentType: string },
): Promise<string> {
  try {
    const answer = await client.send(
      new InvokeEndpointCommand({
        EndpointName: endpointName,
        ContentType: contentType,
        Accept: 'application/json',
        Body: new TextEncoder().encode(body),
      }),
    );
    return new TextDecoder().decode(answer.Body);
  } catch (cause) {
    if (isOneOf(cause, ...passing)) {
      throw new MlopsError('VERIFICATION_FAILED', `The endpoint ${endpointName} was not reached.`, {
        retryable: true,
        cause,
      });
    }
    if (!isOneOf(cause, 'ModelError', 'ValidationError', 'ValidationException')) throw cause;
    const said = 'OriginalMessage' in Object(cause) ? Object(cause).OriginalMessage : undefined;
    const reason = endpointError(String(said ?? errorMessage(cause))).slice(
      0,
      MAX_REASON_CHARACTERS,
    );
    throw new MlopsError('VERIFICATION_FAILED', `The endpoint answered with an error: ${reason}`, {
      cause,
    });
  }
}
