import { secretNames, stackName } from '../names.ts';
import { readOptions } from './options.ts';
import { runCdk } from './run-cdk.ts';
import { synth } from './synth.ts';

/**
 * Deletes the service of a stage. It never touches the data stack, whose bucket, table and
 * registered versions are the history of the models.
 */
export async function destroy(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { stage, yes } = readOptions(args);
  const { stacks } = await synth(root, args);
  const data = stackName(stage.name, 'data');
  const going = stacks.filter((stack) => stack !== data).reverse();
  say(
    `This deletes: ${going.join(', ')}.`,
    'Runs that wait for people end too, and Lambda waits up to an hour for them:',
    'stop them in Slack first (`/mlops runs`, `/mlops stop <run>`).',
  );
  await runCdk(root, ['destroy', ...going, ...(yes ? ['--force'] : [])], environment);
  const { botToken, signingSecret } = secretNames(stage.name);
  say(
    '',
    '✓ The service is deleted. These remain and cost only their storage:',
    `  ${data}: the bucket with datasets, models and code, the table of runs, the registered versions`,
    '  the SageMaker endpoints, which keep serving; without requests they cost nothing',
    `  the parameters ${signingSecret} and ${botToken}`,
    'docs/aws.md, “Tearing down”, explains how to delete them as well.',
  );
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
