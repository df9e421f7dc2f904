import { endpointName } from '../../core/names.ts';
import type { EndpointDescription } from '../../core/ports.ts';
import type { Story } from '../run-context.ts';

/** Waits until the endpoint has finished changing, well or not. */
export async function settleEndpoint(story: Story, purpose: string): Promise<void> {
  const { deps, model } = story;
  const isSettled = async () => hasSettled(await deps.endpoints.describe(endpointName(model)));
  for (let look = 1; ; look++) {
    if (await story.step(`look ${look} at endpoint, ${purpose}`, isSettled)) return;
    await story.sleepUntilWoken(
      `wait ${look} for endpoint, ${purpose}`,
      deps.pace.endpointPoll,
      isSettled,
    );
  }
}

function hasSettled(endpoint: EndpointDescription | null): boolean {
  return endpoint === null || endpoint.status === 'InService' || endpoint.status === 'Failed';
}
