import { type Logger, LogLevel } from '@slack/web-api';

/** Passes on warnings and errors of Slack's packages; their debug output would include payloads. */
export function quietLogger(log: (line: string) => void): Logger {
  const write = (...parts: unknown[]) => log(`Slack: ${parts.map(String).join(' ')}`);
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
