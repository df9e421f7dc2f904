import { type DurableLambdaHandler, withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { RunId } from '../../core/run.ts';
import { createRunFlow } from '../../flow/run-flow.ts';
import type { Composition } from './compose.ts';

/** The run as a durable function; its checkpoints go through the given client. */
export function createDurableRun({
  deps,
  telemetry,
  clients,
}: Pick<Composition, 'deps' | 'telemetry' | 'clients'>): DurableLambdaHandler {
  const runFlow = createRunFlow(deps);
  return withDurableExecution(
    async (input: { runId: RunId }, context) => {
      telemetry.logger.appendKeys({ runId: input.runId });
      return runFlow(input, context);
    },
    { client: clients.lambda },
  );
}
