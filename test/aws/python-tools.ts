import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const bin = process.platform === 'win32' ? 'Scripts' : 'bin';

/** A Python tool of the tests as `npm test` installed it, otherwise that of the PATH. */
function toolPath(name: string): string {
  const own = join(root, '.venv', 'test-tools', bin, name);
  return existsSync(own) ? own : name;
}

const answers = (tool: string, ...args: readonly string[]) => spawnSync(tool, args).status === 0;

export const motoServer = toolPath('moto_server');
export const cfnLint = toolPath('cfn-lint');
/** A Python with boto3, where there is one. */
export const pythonOfTools = toolPath('python3');

/** Without a tool the tests that need it are skipped; `npm test` says which. */
export const hasMoto = () => answers(motoServer, '--help');
export const hasCfnLint = () => answers(cfnLint, '--version');
export const hasBoto3 = () => answers(pythonOfTools, '-c', 'import boto3');
