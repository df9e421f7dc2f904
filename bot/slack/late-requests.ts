import { goesOn, notDone } from '../blocks/late.ts';
import { noticeModal } from '../blocks/modal.ts';
import { withRequest } from './current-request.ts';
import type { VerifiedRequest } from './verify-request.ts';

/** What an HTTP transport answers a request with. */
export interface Answered {
  readonly statusCode: number;
  readonly body: string;
  readonly headers?: object;
}

type Dispatch = (request: VerifiedRequest) => Promise<Answered>;

/** Room for handing over, and for the network, within the 3 s that Slack waits. */
const HAND_OVER_AFTER_MILLISECONDS = 2_000;
const HAND_OVER_WITHIN_MILLISECONDS = 600;

/**
 * For a place where nothing runs after the answer: a request that is not answered in time is handed
 * over to an invocation of its own, which does it again under the same ids, and this one stops at its
 * next call of a service. `work` is that other invocation.
 */
export function withLateRequests(options: {
  readonly dispatch: Dispatch;
  readonly handOver: (request: VerifiedRequest) => Promise<void>;
  readonly log: (line: string) => void;
}): { readonly dispatch: Dispatch; readonly work: (request: VerifiedRequest) => Promise<void> } {
  const { dispatch, handOver, log } = options;
  return {
    async dispatch(request) {
      const current = { sentAt: sentAt(request), isLate: false, isHandedOver: false };
      const working = withRequest(current, () => dispatch(request));
      const answered = await within(HAND_OVER_AFTER_MILLISECONDS, working);
      if (answered !== null) return answered;
      current.isHandedOver = true;
      try {
        const accepted = handOver(request).then(() => true);
        if ((await within(HAND_OVER_WITHIN_MILLISECONDS, accepted)) === true) {
          return lateAnswer(request, goesOn);
        }
        log('A request was not handed over in time.');
      } catch (error) {
        log(`A request could not be handed over: ${String(error)}`);
      }
      return lateAnswer(request, notDone);
    },
    async work(request) {
      const current = { sentAt: sentAt(request), isLate: true, isHandedOver: false };
      await withRequest(current, () => dispatch(request));
    },
  };
}

/** Null when the time is over first. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  // What fails after its time has no one left to tell.
  work.catch(() => {});
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function sentAt({ headers }: VerifiedRequest): number {
  return Number(headers['x-slack-request-timestamp'] ?? 0);
}

/** A command is answered with a message, a form with another modal; a click and an event with nothing. */
function lateAnswer({ contentType, body }: VerifiedRequest, said: typeof goesOn): Answered {
  if (contentType === 'application/json') return { statusCode: 200, body: '' };
  const payload = new URLSearchParams(body).get('payload');
  if (payload === null) {
    return json({ response_type: 'ephemeral', text: said.text, blocks: said.blocks });
  }
  if (JSON.parse(payload).type !== 'view_submission') return { statusCode: 200, body: '' };
  return json({ response_action: 'update', view: noticeModal(said) });
}

function json(body: object): Answered {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { statusCode: 200, headers, body: JSON.stringify(body) };
}
