import { endpointName } from '../../core/names.ts';
import type { EndpointDescription } from '../../core/ports.ts';
import type { RunContext } from '../run-context.ts';

/** Waits until the endpoint has finished changing, whether it succeeded or not. */
export async function settleEndpoint(context: RunContext, purpose: string): Promise<void> {
  const { deps, model } = context;
  const isSettled = async () => hasSettled(await deps.endpoints.describe(endpointName(model)));
  for (let look = 1; ; look++) {
    if (await context.step(`look ${look} at endpoint, ${purpose}`, isSettled)) return;
    await context.waitUntilResumed(
      `wait ${look} for endpoint, ${purpose}`,
      deps.pace.endpointPoll,
      isSettled,
    );
  }
}

function hasSettled(endpoint: EndpointDescription | null): boolean {
  return endpoint === null || endpoint.status === 'InService' || endpoint.status === 'Failed';
}
