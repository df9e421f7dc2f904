import { randomBytes } from 'node:crypto';
import { MlopsError, toFailure } from '../../pipeline/core/errors.ts';
import type { CliReply } from './protocol.ts';

/** The reply to an error that a person can correct. */
export function errorReply(error: MlopsError): CliReply {
  const { code, message, hint } = toFailure(error);
  return {
    kind: 'error',
    code,
    message: inShellWords(message),
    hint: hint === null ? null : inShellWords(hint),
  };
}

/** The same for any error; details of an unexpected one go to the app's log, under a reference. */
export function loggedErrorReply(error: unknown, log: (line: string) => void): CliReply {
  if (error instanceof MlopsError) return errorReply(error);
  const reference = randomBytes(4).toString('hex');
  log(`${reference}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: 'error',
    code: 'UNEXPECTED',
    message: 'Something unexpected went wrong; nothing is half done.',
    hint: `The log of the app has the details under ${reference}.`,
  };
}

/** Replaces the slash command by the name of the program. */
export const inShellWords = (text: string): string => text.replaceAll('/mlops ', 'mlops ');
