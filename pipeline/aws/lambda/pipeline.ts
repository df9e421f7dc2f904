// The run as a durable function. Started by name through the alias, parked on callbacks between
// steps; code outside steps runs again on every replay, so it has no side effects.
import { compose } from './compose.ts';
import { createDurableRun } from './create-durable-run.ts';
import { required } from './environment.ts';

const { AWS_LAMBDA_FUNCTION_NAME: name, MLOPS_ALIAS: alias } = process.env;
const ownArn = `${required(process.env, 'MLOPS_FUNCTIONS_ARN')}${name}:${alias}`;

export const handler = createDurableRun(
  compose('pipeline', { ...process.env, MLOPS_PIPELINE_FUNCTION: ownArn }, import.meta.dirname),
);
