import { setTimeout as sleep } from 'node:timers/promises';
import { createLocalTransport } from '../../bot/cli/local-transport.ts';
import { main as runCommand } from '../../bot/cli/main.ts';
import { openStage } from './open-stage.ts';

/** Runs one command in a terminal or in CI; the exit code is the process's. */
export async function main(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  // On Node 20 the AWS SDK warns before every answer that its versions from 2027 on need Node 22.
  // That concerns whoever updates package-lock.json, not whoever asks for a status.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  if (args[0] === 'doctor') {
    const { doctor } = await import('../doctor/main.ts');
    process.exitCode = await doctor(root, args.slice(1), environment);
    return;
  }
  process.exitCode = await runCommand(args, {
    root,
    stage: environment.MLOPS_STAGE || null,
    openLocal: createLocalTransport,
    openStage: (stage) => openStage(stage, environment.CI ? 'ci' : 'cli'),
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    sleep,
  });
}
