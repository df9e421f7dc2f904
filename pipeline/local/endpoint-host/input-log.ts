import { addInputs, type InputCounts, noInputs } from '../../core/alert/input-counts.ts';
import type { Clock } from '../../core/ports.ts';
import type { Instant } from '../../core/run.ts';

/** Reports of ten minutes of a busy endpoint: enough for any look. */
const KEPT = 600;

/**
 * What the configurations were asked, as their servers report it; in memory only: after a restart the
 * counts build up again. What a look has read is forgotten.
 */
export function createInputLog({ clock }: { clock: Clock }) {
  const reports = new Map<string, { readonly at: Instant; readonly counts: InputCounts }[]>();
  return {
    add(configName: string, counts: InputCounts): void {
      const kept = reports.get(configName) ?? [];
      kept.push({ at: clock.now().toISOString(), counts });
      reports.set(configName, kept.slice(-KEPT));
    },
    since(configName: string, since: Instant | null): InputCounts {
      const kept = (reports.get(configName) ?? []).filter(({ at }) => since === null || at > since);
      reports.set(configName, kept);
      return kept.reduce((sum, { counts }) => addInputs(sum, counts), noInputs);
    },
  };
}
