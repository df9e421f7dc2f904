import type { VerifiedRequest } from '../../slack/verify-request.ts';

/** What the function behind Slack's address invokes itself with. */
interface LateEvent {
  readonly late: VerifiedRequest;
}

export function toLateEvent(request: VerifiedRequest): LateEvent {
  return { late: request };
}

/** The request that was handed over; null for an event of the HTTP API, which has a context. */
export function lateRequest(event: object | null): VerifiedRequest | null {
  const { late, requestContext } = (event ?? {}) as Partial<
    LateEvent & { requestContext: unknown }
  >;
  return late === undefined || requestContext !== undefined ? null : late;
}
