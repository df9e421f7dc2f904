import { MlopsError } from '../../pipeline/core/errors.ts';

/** What a person reads when the app cannot start: what is wrong, and what to do. */
export interface StartProblem {
  readonly message: string;
  readonly hint?: string | undefined;
}

const dataHint = 'npm start -- --data <folder> uses another folder.';

/** A start error in words; null for one that nobody expected, whose stack is needed. */
export function startProblem(
  error: unknown,
  { port, dataFolder }: { readonly port: number; readonly dataFolder: string },
): StartProblem | null {
  if (error instanceof MlopsError) return { message: error.message, hint: error.hint };
  if (!(error instanceof Error && 'code' in error)) return null;
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        message: `Port ${port} is in use by another program.`,
        hint: `Stop it, or take another port: npm start -- --port ${port + 1} (0: any free one).`,
      };
    case 'SQLITE_NOTADB':
    case 'SQLITE_CORRUPT':
      return {
        message: `The database state.sqlite in ${dataFolder} is damaged.`,
        hint: `Put a copy of it back, or move it away to start without its history; ${dataHint}`,
      };
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return {
        message: `There is no space left for ${dataFolder}.`,
        hint: `Free some space and start again, or ${dataHint}`,
      };
    case 'ENOTDIR':
    case 'EEXIST':
      return {
        message: `${pathOf(error, dataFolder)} is a file where a folder is needed.`,
        hint: `Move it away, or ${dataHint}`,
      };
    case 'EISDIR':
      return {
        message: `${pathOf(error, dataFolder)} is a folder where a file is needed.`,
        hint: `Move it away, or ${dataHint}`,
      };
    case 'EACCES':
      if ('syscall' in error && error.syscall === 'listen') {
        return {
          message: `This user may not listen on port ${port}.`,
          hint: 'Take one above 1023: npm start -- --port 3000 (0: any free one).',
        };
      }
      return unwritable(error, dataFolder);
    case 'EPERM':
    case 'EROFS':
    case 'SQLITE_READONLY':
    case 'SQLITE_CANTOPEN':
      return unwritable(error, dataFolder);
    default:
      return null;
  }
}

function unwritable(error: Error, dataFolder: string): StartProblem {
  return {
    message: `${pathOf(error, dataFolder)} cannot be written by this user.`,
    hint: `Change its owner or rights, or ${dataHint}`,
  };
}

function pathOf(error: Error, otherwise: string): string {
  return 'path' in error && typeof error.path === 'string' ? error.path : otherwise;
}
