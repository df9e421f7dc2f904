import { type Logger, LogLevel } from '@slack/web-api';
import { maskSecrets } from '../../pipeline/core/mask-secrets.ts';

/**
 * Passes on warnings and errors of Slack's packages; without what looks like a secret; their
 * debug output would include payloads.
 */
export function quietLogger(log: (line: string) => void): Logger {
  const write = (...parts: unknown[]) => log(maskSecrets(`Slack: ${parts.map(String).join(' ')}`));
  return {
    debug: () => {},
    info: () => {},
    warn: write,
    error: write,
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
