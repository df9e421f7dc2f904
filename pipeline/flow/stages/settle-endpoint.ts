import { endpointName } from '../../core/names.ts';
import type { EndpointDescription } from '../../core/ports.ts';
import type { BaseContext } from '../run-context.ts';
import { GROWTH, poll } from './poll.ts';

/** Waits until the endpoint has finished changing, whether it succeeded or not. */
export async function settleEndpoint(context: BaseContext, purpose: string): Promise<void> {
  const { deps, model } = context;
  const isSettled = async () => hasSettled(await deps.endpoints.describe(endpointName(model)));
  const pause = deps.pace.endpointPoll;
  await poll<boolean, null>(context, {
    names: (look) => ({
      look: `look ${look} at endpoint, ${purpose}`,
      wait: `wait ${look} for endpoint, ${purpose}`,
    }),
    look: isSettled,
    judge: (settled) => (settled ? { end: null } : { pause }),
    pause,
    growth: GROWTH,
    // What is half-way is finished in this execution.
    mayContinue: false,
    isReady: isSettled,
  });
}

function hasSettled(endpoint: EndpointDescription | null): boolean {
  return endpoint === null || endpoint.status === 'InService' || endpoint.status === 'Failed';
}
