import { randomBytes } from 'node:crypto';
import { MlopsError, toFailure } from '../../pipeline/core/errors.ts';
import type { CliReply } from './protocol.ts';

/** What a person can correct, in their words. */
export function errorReply(error: MlopsError): CliReply {
  const { code, message, hint } = toFailure(error);
  return {
    kind: 'error',
    code,
    message: inShellWords(message),
    hint: hint === null ? null : inShellWords(hint),
  };
}

/** The same; anything else stays in the log of the app, under a reference. */
export function loggedErrorReply(error: unknown, log: (line: string) => void): CliReply {
  if (error instanceof MlopsError) return errorReply(error);
  const reference = randomBytes(4).toString('hex');
  log(`${reference}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: 'error',
    code: 'UNEXPECTED',
    message: 'Something unexpected went wrong.',
    hint: `The app’s log has the details under ${reference}.`,
  };
}

/** In a terminal the command is the program. */
export const inShellWords = (text: string): string => text.replaceAll('/mlops ', 'mlops ');
