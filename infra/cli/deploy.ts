import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../mlops.config.ts';
import { secretNames, stackName } from '../names.ts';
import { missingSecrets, openAccount } from './account.ts';
import { readOptions } from './options.ts';
import { preflight } from './preflight.ts';
import { runCdk } from './run-cdk.ts';
import { askHidden, newAppLink, storeSecrets } from './slack-setup.ts';
import { synth } from './synth.ts';

/**
 * Checks what would make a deployment fail, deploys every stack of a stage, links to Slack's form for
 * the app and asks for its secrets.
 * @throws {CliError} for what stops it, and when the CDK fails; stacks deployed before that stay.
 */
export async function deploy(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const { stage, yes } = readOptions(args);
  const account = await preflight({
    stage,
    config,
    open: () => openAccount(stage.region, environment),
    say,
  });
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
  say(
    '',
    '✓ Deployed. Do this once:',
    '',
    '1. Create the Slack app and install it:',
    '',
    newAppLink(url),
    '',
    '2. Store its two secrets:',
  );
  if (process.stdin.isTTY && !yes) {
    await storeSecrets({ account, stage: stage.name, ask: askHidden, say });
  } else {
    for (const secret of await missingSecrets(account, stage.name)) {
      const name = secretNames(stage.name)[secret];
      say(
        `     aws ssm put-parameter --region ${stage.region} --type SecureString --name ${name} --value …`,
      );
    }
  }
  say(
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
