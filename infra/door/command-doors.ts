import { Alias, type IVersion } from 'aws-cdk-lib/aws-lambda';
import type { CommandSource } from '../../bot/cli/command-sources.ts';
import { type LambdaFunction, repeatedByLambda } from '../functions/lambda-function.ts';

export type CommandDoors = Readonly<Record<CommandSource, Alias>>;

/** An alias of the function `commands` for each door: who may invoke one comes through no other. */
export function createCommandDoors(commands: LambdaFunction): CommandDoors {
  const version = commands.lambda.currentVersion as IVersion;
  return {
    cli: new Alias(commands, 'Cli', { aliasName: 'cli', version }),
    ci: new Alias(commands, 'Ci', { aliasName: 'ci', version }),
    // Nobody waits for it, and what the function says of repeating holds for no alias.
    schedule: new Alias(commands, 'Schedule', {
      aliasName: 'schedule',
      version,
      ...repeatedByLambda,
    }),
  };
}
