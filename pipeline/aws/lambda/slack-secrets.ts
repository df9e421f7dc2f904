import { MlopsError } from '../../core/errors.ts';
import type { Environment } from './environment.ts';
import { createJsonRequest } from './json-request.ts';

const TIMEOUT_MILLISECONDS = 1_500;

interface Answer {
  readonly Parameters?: readonly { readonly Name?: string; readonly Value?: string }[];
}

/**
 * Reads the operator's SecureString parameters in one call; callers keep them as long as the
 * function's environment lives. Values never reach a log or an error.
 * @throws {MlopsError} `CONFIG_INVALID` naming the parameters that are missing.
 */
export async function readSecrets<Name extends string>(options: {
  /** Names the Region and the credentials. */
  readonly environment: Environment;
  /** What it is for → the parameter's name. */
  readonly parameters: Readonly<Record<Name, string>>;
}): Promise<Readonly<Record<Name, string>>> {
  const ssm = createJsonRequest({
    service: 'ssm',
    environment: options.environment,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
  });
  const names = Object.values<string>(options.parameters);
  const input = { Names: names, WithDecryption: true };
  const { Parameters = [] } = (await ssm('AmazonSSM.GetParameters', input)) as Answer;
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
