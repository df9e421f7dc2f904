import type { AuditLog } from '../../../pipeline/core/ports.ts';
import type { NamesOf } from '../../cli/answer-cli.ts';

const MOST_ENTRIES = 200;

/** Names of people from the newest audit entries, for a function that cannot ask Slack. */
export function createRecordedNames({
  audit,
  log,
}: {
  readonly audit: Pick<AuditLog, 'list'>;
  readonly log: (line: string) => void;
}): NamesOf {
  const known = new Map<string, string>();
  return async (ids) => {
    if (ids.every((id) => known.has(id))) return known;
    try {
      for (const { by } of await audit.list({ limit: MOST_ENTRIES })) {
        if (by.kind === 'person' && !known.has(by.id)) known.set(by.id, by.name);
      }
    } catch (error) {
      log(`The names of people could not be read: ${String(error)}`);
    }
    return known;
  };
}
