import { endpointError } from '../../core/endpoint-error.ts';
import { MlopsError } from '../../core/errors.ts';
import { type HttpAnswer, requestAnswer } from './request-answer.ts';

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
  let answer: HttpAnswer;
  try {
    answer = await requestAnswer({
      url,
      send: { body: Buffer.from(body), type: contentType },
      signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
    });
  } catch (cause) {
    throw new MlopsError('VERIFICATION_FAILED', 'The endpoint did not answer.', { cause });
  }
  const { status } = answer;
  const text = answer.body.toString();
  if (status >= 200 && status < 300) return text;
  const reason = endpointError(text).slice(0, MAX_MESSAGE_CHARACTERS);
  throw new MlopsError('VERIFICATION_FAILED', `The endpoint answered ${status}: ${reason}`, {
    retryable: status === TOO_MANY_REQUESTS,
  });
}
