import type { Telemetry } from '../../../pipeline/aws/lambda/telemetry.ts';
import type { FunctionUrlEvent, HttpAnswer, SlackHandler } from '../../slack/verify-request.ts';

const unavailable: HttpAnswer = {
  statusCode: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: '',
};

/**
 * The function behind the HTTP API. It starts to create the bot during Lambda's init phase, so that
 * the secrets are ready for the first request; if that fails, the next request tries again. No
 * request makes it throw.
 */
export function createSlackEntry(options: {
  readonly telemetry: Pick<Telemetry, 'observe' | 'logger'>;
  readonly open: () => Promise<SlackHandler>;
}): (event: FunctionUrlEvent) => Promise<HttpAnswer> {
  const { telemetry, open } = options;
  let opening: Promise<SlackHandler> | null = null;

  function opened(): Promise<SlackHandler> {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  // The first request awaits it below; an unhandled rejection before that would end the process.
  opened().catch(() => undefined);

  return (event) =>
    telemetry.observe({ request: requestIdOf(event) }, async () => (await readyHandler())(event));

  async function readyHandler(): Promise<SlackHandler> {
    try {
      return await opened();
    } catch (error) {
      telemetry.logger.error('The bot could not be opened.', error as Error);
      return async () => unavailable;
    }
  }
}

function requestIdOf(event: unknown): string {
  const context = (event as { requestContext?: { requestId?: unknown } } | null)?.requestContext;
  return typeof context?.requestId === 'string' ? context.requestId : '';
}
