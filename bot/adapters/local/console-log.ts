import { inspect } from 'node:util';
import { maskSecrets } from '../../../pipeline/core/mask-secrets.ts';
import type { Log } from '../../../pipeline/local/log.ts';

/** Writes entries to the terminal, with the stack of an error, without what looks like a secret. */
export function createConsoleLog(write: (line: string) => void = console.error): Log {
  return ({ message, about, error }) => {
    const said = [about, message].filter(Boolean).join(': ');
    write(maskSecrets(error === undefined ? said : `${said} ${inspect(error)}`));
  };
}
