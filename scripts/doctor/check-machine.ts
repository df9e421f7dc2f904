import { spawnSync } from 'node:child_process';
import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { bad, type Check, good, note } from './report.ts';

const GIB = 1024 ** 3;
/** PyTorch and what jobs leave. */
const NEEDED_BYTES = 3 * GIB;

/** Python, disk, data folder and port of the app on this machine. */
export async function checkMachine(machine: {
  readonly root: string;
  readonly dataFolder: string;
  /** Interpreter of `.venv`. */
  readonly python: string;
  readonly port: number;
}): Promise<readonly Check[]> {
  return [
    checkPython(machine.python),
    await checkDisk(machine.root),
    await checkFolder(machine.dataFolder),
    await checkPort(machine.port),
  ];
}

function checkPython(python: string): Check {
  const { status, stdout } = spawnSync(python, ['--version'], { encoding: 'utf8' });
  if (status === 0) return good(`${stdout.trim()} in .venv`);
  return bad('There is no Python environment in .venv.', 'npm start makes it.');
}

async function checkDisk(root: string): Promise<Check> {
  const { bavail, bsize } = await statfs(root);
  const free = `${((bavail * bsize) / GIB).toFixed(1)} GiB are free`;
  return bavail * bsize >= NEEDED_BYTES
    ? good(free)
    : bad(`Only ${free}.`, 'Jobs and models need 3 GiB: free some space.');
}

async function checkFolder(folder: string): Promise<Check> {
  try {
    await access(folder, constants.R_OK | constants.W_OK);
    return good(`The data folder is ${folder}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return note(`There is no data folder ${folder} yet.`, 'npm start makes it.');
    }
    return bad(`The data folder ${folder} cannot be written.`, `Check who owns ${join(folder)}.`);
  }
}

async function checkPort(port: number): Promise<Check> {
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return isFree
    ? good(`Port ${port} is free`)
    : note(
        `Port ${port} is in use: by the app, or by something else.`,
        'npm start -- --port 4000 takes another one.',
      );
}
