import {
  type DurableExecutionClient,
  DurableExecutionClientError,
} from '@aws/durable-execution-sdk-js';

/** `closing`: invocations end at the next moment between two steps; `closed`: at once. */
export type GateState = 'open' | 'closing' | 'closed';

/** Ends the invocation and leaves the execution as its last checkpoint describes it. */
class EngineClosingError extends DurableExecutionClientError {
  constructor() {
    super('The engine is closing; the execution goes on after the next start.');
    this.name = 'EngineClosingError';
  }
}

/**
 * `client` behind a gate the engine closes. A checkpoint in the `closing` state is committed
 * first and refused afterwards, so the step it finishes is never repeated.
 */
export function createGatedClient(options: {
  readonly client: DurableExecutionClient;
  readonly state: () => GateState;
  /** Whether a step of the execution is being executed right now. */
  readonly isInStep: (arn: string) => boolean;
}): DurableExecutionClient {
  const { client, state, isInStep } = options;
  return {
    async checkpoint(request, logger) {
      if (state() === 'closed') throw new EngineClosingError();
      const response = await client.checkpoint(request, logger);
      if (state() !== 'open' && !isInStep(request.DurableExecutionArn ?? '')) {
        throw new EngineClosingError();
      }
      return response;
    },
    async getExecutionState(request, logger) {
      if (state() !== 'open') throw new EngineClosingError();
      return client.getExecutionState(request, logger);
    },
  };
}
