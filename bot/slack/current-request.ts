import { AsyncLocalStorage } from 'node:async_hooks';

/** The request from Slack that the current code works for. */
export interface CurrentRequest {
  /** When Slack sent it, in seconds. */
  readonly sentAt: number;
  /** It has been answered before: what there is to say goes to Slack in another way. */
  readonly isLate: boolean;
  /** From now on another invocation does the work. */
  isHandedOver: boolean;
}

const storage = new AsyncLocalStorage<CurrentRequest>();

export function currentRequest(): Readonly<CurrentRequest> | undefined {
  return storage.getStore();
}

export function withRequest<T>(request: CurrentRequest, work: () => Promise<T>): Promise<T> {
  return storage.run(request, work);
}

/**
 * To be called before every call of a service. Lambda freezes what still runs after the answer and may
 * go on with it during a later request; by then another invocation has done it.
 * @throws {Error} when the current request has been handed over.
 */
export function refuseAfterHandingOver(): void {
  if (storage.getStore()?.isHandedOver !== true) return;
  throw new Error('This request goes on in another invocation.');
}
