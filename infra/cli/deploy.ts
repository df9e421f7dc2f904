import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadManifest } from '../../bot/slack/manifest.ts';
import { durableFunctionRegions } from '../config/regions.ts';
import { secretNames, stackName } from '../names.ts';
import { readOptions } from './options.ts';
import { runCdk } from './run-cdk.ts';
import { synth } from './synth.ts';

/**
 * Deploys every stack of a stage and prints the manifest of the Slack app with the request URL.
 * @throws {CliError} when the CDK fails; stacks that were deployed before the failure stay.
 */
export async function deploy(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { stage, yes } = readOptions(args);
  if (!durableFunctionRegions.includes(stage.region)) {
    say(
      `! Lambda durable functions are not confirmed in ${stage.region}. Confirmed: ${durableFunctionRegions.join(', ')}.`,
      '  If the deployment fails at the function “pipeline”, choose a confirmed Region in infra/config/stages.ts.',
    );
  }
  const { stacks } = await synth(root, args);
  const outputs = join(root, 'dist', 'outputs.json');
  await runCdk(
    root,
    [
      'deploy',
      ...stacks,
      '--outputs-file',
      outputs,
      '--require-approval',
      yes ? 'never' : 'broadening',
    ],
    environment,
  );
  const deployed = JSON.parse(readFileSync(outputs, 'utf8'));
  const url = deployed[stackName(stage.name, 'service')]?.SlackRequestUrl;
  const inbox = deployed[stackName(stage.name, 'data')]?.Inbox;
  const secrets = secretNames(stage.name);
  say(
    '',
    '✓ Deployed. Do this once:',
    '',
    '1. https://api.slack.com/apps → Create New App → From a manifest. Paste this:',
    '',
    JSON.stringify(loadManifest(url), null, 2),
    '',
    '2. Install the app, then store its two secrets (Basic Information; OAuth & Permissions):',
    `     aws ssm put-parameter --region ${stage.region} --type SecureString --name ${secrets.signingSecret} --value …`,
    `     aws ssm put-parameter --region ${stage.region} --type SecureString --name ${secrets.botToken} --value …`,
    '3. App page → Event Subscriptions → Retry, so that Slack verifies the request URL.',
    '4. Invite the bot to the channel named in mlops.config.ts and upload a dataset:',
    `     aws s3 cp <file> ${inbox}<model>/`,
    '',
    `The same commands work in a terminal: npx mlops --stage ${stage.name} status`,
  );
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
