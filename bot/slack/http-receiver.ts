import { AwsLambdaReceiver, type Receiver } from '@slack/bolt';
import { quietLogger } from '../web-api/quiet-logger.ts';
import type { VerifiedRequest } from './verify-request.ts';

/** The HTTP transport of Lambda and of the local page: one verified request, one answer. */
export function createHttpReceiver(options: { log: (line: string) => void }): {
  receiver: Receiver;
  dispatch: (
    request: VerifiedRequest,
  ) => Promise<{ statusCode: number; body: string; headers?: object }>;
} {
  // verify-request.ts has verified the signature already, before parsing and with our clock.
  const receiver = new AwsLambdaReceiver({
    signingSecret: '',
    signatureVerification: false,
    logger: quietLogger(options.log),
  });
  const handle = receiver.toHandler();
  return {
    receiver,
    dispatch: ({ headers, body }) =>
      handle(
        {
          headers,
          body,
          isBase64Encoded: false,
          rawPath: '/slack/events',
          rawQueryString: '',
          routeKey: '',
          version: '2.0',
          requestContext: {},
        },
        {},
      ),
  };
}
