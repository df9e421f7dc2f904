import { endpointName } from '../../core/names.ts';
import type { EndpointDescription } from '../../core/ports.ts';
import { pauseAfterMisses } from '../retry-policy.ts';
import type { RunContext } from '../run-context.ts';

/** Waits until the endpoint has finished changing, whether it succeeded or not. */
export async function settleEndpoint(context: RunContext, purpose: string): Promise<void> {
  const { deps, model } = context;
  const isSettled = async () => hasSettled(await deps.endpoints.describe(endpointName(model)));
  let misses = 0;
  for (let look = 1; ; look++) {
    const seen = await context.look(`look ${look} at endpoint, ${purpose}`, isSettled);
    if (seen.isReached && seen.value) return;
    misses = seen.isReached ? 0 : misses + 1;
    await context.waitUntilResumed(
      `wait ${look} for endpoint, ${purpose}`,
      pauseAfterMisses(deps.pace.endpointPoll, misses),
      isSettled,
    );
  }
}

function hasSettled(endpoint: EndpointDescription | null): boolean {
  return endpoint === null || endpoint.status === 'InService' || endpoint.status === 'Failed';
}
