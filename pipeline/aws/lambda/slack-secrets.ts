import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { MlopsError } from '../../core/errors.ts';

const TIMEOUT_MILLISECONDS = 1_500;

/**
 * Reads the operator's SecureString parameters in one call; callers keep them as long as the
 * function's environment lives. Values never reach a log or an error.
 * @throws {MlopsError} `CONFIG_INVALID` naming the parameters that are missing.
 */
export async function readSecrets<Name extends string>(options: {
  readonly region: string;
  /** What it is for → the parameter's name. */
  readonly parameters: Readonly<Record<Name, string>>;
}): Promise<Readonly<Record<Name, string>>> {
  const client = new SSMClient({
    region: options.region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: TIMEOUT_MILLISECONDS,
      requestTimeout: TIMEOUT_MILLISECONDS,
      throwOnRequestTimeout: true,
    },
  });
  const names = Object.values<string>(options.parameters);
  const { Parameters = [] } = await client.send(
    new GetParametersCommand({ Names: names, WithDecryption: true }),
  );
  const values = new Map(Parameters.map(({ Name, Value }) => [Name, Value?.trim()]));
  const missing = names.filter((name) => !values.get(name));
  if (missing.length > 0) {
    throw new MlopsError('CONFIG_INVALID', `These parameters are missing: ${missing.join(', ')}.`, {
      hint: 'docs/aws.md says how to create them.',
    });
  }
  const entries = Object.entries<string>(options.parameters);
  return Object.fromEntries(entries.map(([use, name]) => [use, values.get(name)])) as Record<
    Name,
    string
  >;
}
