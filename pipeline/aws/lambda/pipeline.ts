// The run as a durable function. Started by name through the alias, parked on callbacks between
// steps; code outside steps runs again on every replay, so nothing here touches the world.
import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import type { RunId } from '../../core/run.ts';
import { createRunFlow } from '../../flow/run-flow.ts';
import { compose, required } from './compose.ts';

const { AWS_LAMBDA_FUNCTION_NAME: name, MLOPS_ALIAS: alias } = process.env;
const ownArn = `${required(process.env, 'MLOPS_FUNCTIONS_ARN')}${name}:${alias}`;
const { deps, telemetry, clients } = compose(
  'pipeline',
  { ...process.env, MLOPS_PIPELINE_FUNCTION: ownArn },
  import.meta.dirname,
);
const runFlow = createRunFlow(deps);

export const handler = withDurableExecution(
  async (input: { runId: RunId }, context) => {
    telemetry.logger.appendKeys({ runId: input.runId });
    return runFlow(input, context);
  },
  { client: clients.lambda },
);
