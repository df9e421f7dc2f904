import { type Logger, LogLevel } from '@slack/web-api';

/** Slack's packages log through ours, warnings and errors only: their debug output holds bodies. */
export function quietLogger(log: (line: string) => void): Logger {
  const say = (...parts: unknown[]) => log(`Slack: ${parts.map(String).join(' ')}`);
  return {
    debug: () => {},
    info: () => {},
    warn: say,
    error: say,
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
