import type { Leases, RunStore } from '../../pipeline/core/ports.ts';
import { hasEnded } from '../../pipeline/core/run.ts';

/** Leases whose holder, in `runs`, has ended or is unknown may be taken over. */
export function createInMemoryLeases({ runs }: { runs: RunStore }): Leases {
  const holders = new Map<string, string>();
  return {
    async acquire(model, runId) {
      const before = holders.get(model);
      const holder = before === undefined ? null : await runs.get(before);
      const current = holders.get(model);
      if (current !== before && current !== undefined) return current;
      if (holder !== null && !hasEnded(holder)) return holder.id;
      holders.set(model, runId);
      return runId;
    },
    async release(model, runId) {
      if (holders.get(model) === runId) holders.delete(model);
    },
  };
}
