import type { CommandSource } from '../../bot/cli/command-sources.ts';
import type { CliTransport } from '../../bot/cli/protocol.ts';
import { stages } from '../../infra/config/stages.ts';
import { functionName } from '../../infra/names.ts';
import { closest } from '../../pipeline/core/closest.ts';

/**
 * Opens the deployment of a stage, as one source of commands; returns a sentence when there is no
 * such stage. Only this loads the AWS SDK.
 */
export async function openStage(
  name: string,
  source: CommandSource,
): Promise<CliTransport | string> {
  const names = Object.keys(stages);
  const found = Object.values(stages).find((each) => each.name === name);
  if (found === undefined) {
    const near = closest(name, names);
    const meant = near === null ? `It has: ${names.join(', ')}.` : `Did you mean ${near}?`;
    return `There is no stage “${name}” in infra/config/stages.ts. ${meant}`;
  }
  const [{ createFunctionInvoker }, { createCommandsTransport }] = await Promise.all([
    import('../../pipeline/aws/invoke-function.ts'),
    import('../../bot/adapters/aws/commands-transport.ts'),
  ]);
  const commands = {
    region: found.region,
    functionName: `${functionName(name, 'commands')}:${source}`,
  };
  const invoke = createFunctionInvoker(commands);
  return createCommandsTransport({ ...commands, stage: name, invoke });
}
