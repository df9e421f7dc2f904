import type { Dirent } from 'node:fs';
import { constants, open, readdir } from 'node:fs/promises';
import { MlopsError } from '../../core/errors.ts';
import type { JobSpec } from '../../core/ports.ts';
import { isAbsent } from '../folders.ts';
import type { JobFolder } from './job-folder.ts';

/** A name is up to 255 bytes, and a reason 1,024 characters. */
const MAX_SHOWN_CHARACTERS = 200;

/**
 * Makes sure that everything below the model and output folders of a job can be stored.
 * @throws {MlopsError} `TRAINING_FAILED` or `EVALUATION_FAILED`, naming the first entry that is not
 * a plain file, cannot be read, or has a name that is not UTF-8.
 */
export async function checkOutput(spec: JobSpec, folder: JobFolder): Promise<void> {
  for (const [name, path] of [
    ['model', folder.model],
    ['output', folder.outputData],
  ] as const) {
    const problem = await findProblem(Buffer.from(path), Buffer.alloc(0));
    if (problem === null) continue;
    throw new MlopsError(
      spec.kind === 'train' ? 'TRAINING_FAILED' : 'EVALUATION_FAILED',
      `The ${name} folder contains “${escapeName(problem.path)}”, ${problem.what}.`,
      { hint: `Let the recipe write only readable, plain files into its ${name} folder.` },
    );
  }
}

interface Problem {
  /** Below the folder; names are bytes, so that one that is not UTF-8 is found. */
  readonly path: Buffer;
  readonly what: string;
}

async function findProblem(root: Buffer, below: Buffer): Promise<Problem | null> {
  const folder = below.length === 0 ? root : joinBytes(root, below);
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    if (below.length === 0 && isAbsent(error)) return null;
    return { path: below, what: 'which cannot be read' };
  }
  for (const entry of entries) {
    const path = below.length === 0 ? entry.name : joinBytes(below, entry.name);
    if (!isUtf8(entry.name)) return { path, what: 'whose name is not valid UTF-8' };
    if (entry.isDirectory()) {
      const problem = await findProblem(root, path);
      if (problem !== null) return problem;
    } else if (!entry.isFile()) {
      return { path, what: `which is ${kindOf(entry)} and not a plain file` };
    } else if (!(await isReadable(joinBytes(root, path)))) {
      return { path, what: 'which cannot be read' };
    }
  }
  return null;
}

function joinBytes(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

function kindOf(entry: Dirent<Buffer>): string {
  if (entry.isSymbolicLink()) return 'a link';
  if (entry.isFIFO()) return 'a named pipe';
  return entry.isSocket() ? 'a socket' : 'a device';
}

function isUtf8(name: Buffer): boolean {
  return Buffer.from(name.toString('utf8')).equals(name);
}

async function isReadable(path: Buffer): Promise<boolean> {
  try {
    await (await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)).close();
    return true;
  } catch {
    return false;
  }
}

/** Readable on one line: bytes that are not UTF-8 as `\xff`, invisible characters as `\u{202e}`. */
function escapeName(path: Buffer): string {
  const text = isUtf8(path)
    ? path.toString('utf8').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter)
    : path.toString('latin1').replace(/[^\x20-\x7e]/g, escapeByte);
  const { length } = text;
  return length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS - 1)}…`;
}

function escapeCharacter(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

function escapeByte(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
