import { endpointError } from '../../core/endpoint-error.ts';
import { MlopsError } from '../../core/errors.ts';

/** Longer than the endpoint's own limit, whose answer says more than a broken connection. */
const TIMEOUT_SECONDS = 70;
const MAX_MESSAGE_CHARACTERS = 500;
const TOO_MANY_REQUESTS = 429;

/** Posts to an endpoint. @throws {MlopsError} `VERIFICATION_FAILED` with the endpoint's error text. */
export async function invokeEndpoint(options: {
  url: string;
  body: string;
  contentType: string;
}): Promise<string> {
  const { url, body, contentType } = options;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': contentType },
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
    });
    text = await response.text();
  } catch (cause) {
    throw new MlopsError('VERIFICATION_FAILED', 'The endpoint did not answer.', { cause });
  }
  if (response.ok) return text;
  const reason = endpointError(text).slice(0, MAX_MESSAGE_CHARACTERS);
  throw new MlopsError(
    'VERIFICATION_FAILED',
    `The endpoint answered ${response.status}: ${reason}`,
    {
      retryable: response.status === TOO_MANY_REQUESTS,
    },
  );
}
