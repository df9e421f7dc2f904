import { Alias, type IVersion } from 'aws-cdk-lib/aws-lambda';
import type { CommandSource } from '../../bot/cli/command-sources.ts';
import { type LambdaFunction, repeatedByLambda } from '../functions/lambda-function.ts';

export type CommandSources = Readonly<Record<CommandSource, Alias>>;

/**
 * One alias of the function `commands` for each source of commands. IAM decides who may invoke an
 * alias, and the function takes its source from the alias, so a caller cannot claim another one.
 */
export function createCommandSources(commands: LambdaFunction): CommandSources {
  const version = commands.lambda.currentVersion as IVersion;
  return {
    cli: new Alias(commands, 'Cli', { aliasName: 'cli', version }),
    ci: new Alias(commands, 'Ci', { aliasName: 'ci', version }),
    // Invoked asynchronously. An alias does not inherit the retry settings of its function.
    schedule: new Alias(commands, 'Schedule', {
      aliasName: 'schedule',
      version,
      ...repeatedByLambda,
    }),
  };
}
