import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CliError } from './cli-error.ts';

/** Runs the CDK command line on the synthesized templates. @throws {CliError} when it fails. */
export async function runCdk(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const cdk = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'cdk.cmd' : 'cdk');
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(cdk, [...args, '--app', join(root, 'dist', 'cdk.out')], {
      cwd: root,
      env: environment,
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code === 0) return;
  throw new CliError(
    `cdk ${args[0]} ended with exit code ${code}.`,
    'Its output above says why; docs/runbook.md and docs/aws.md list what is needed.',
  );
}
