import type { Telemetry } from '../../../pipeline/aws/lambda/telemetry.ts';
import type {
  FunctionUrlEvent,
  HttpAnswer,
  SlackHandler,
  VerifiedRequest,
} from '../../slack/verify-request.ts';
import { lateRequest } from './late-event.ts';

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
  /** Does a request that was handed over. */
  readonly work: (request: VerifiedRequest) => Promise<void>;
}): (event: FunctionUrlEvent | object) => Promise<HttpAnswer> {
  const { telemetry, open, work } = options;
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
    telemetry.observe({ request: requestIdOf(event) }, async () => {
      const late = lateRequest(event);
      if (late === null) return (await readyHandler())(event as FunctionUrlEvent);
      await work(late);
      return { statusCode: 200, headers: {}, body: '' };
    });

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
