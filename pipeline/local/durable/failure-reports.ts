import { backOff } from '../../core/back-off.ts';
import type { Clock } from '../../core/ports.ts';
import type { EngineLogEntry, FailedExecution } from './durable-engine.ts';
import type { ExecutionStore } from './execution-store.ts';

/** Pauses between the tries of one report, in milliseconds. */
const BACK_OFF = { first: 1_000, longest: 5 * 60_000 } as const;

/**
 * Hands failed executions to `onFailure`, again and again until it takes them: after a pause that
 * grows, and after a restart. None of the methods throws.
 */
export function createFailureReports(options: {
  readonly clock: Clock;
  readonly executions: ExecutionStore;
  readonly random: () => number;
  readonly onFailure?: (failed: FailedExecution) => Promise<void> | void;
  readonly log: (entry: EngineLogEntry) => void;
}) {
  const { clock, executions, random, onFailure, log } = options;
  /** Executions whose report failed, and when it is due again. */
  const pending = new Map<string, { failures: number; at: number }>();
  const now = () => clock.now().getTime();

  async function report(name: string): Promise<void> {
    const failures = (pending.get(name)?.failures ?? 0) + 1;
    const at = now() + Math.round(backOff({ ...BACK_OFF, failures, random: random() }));
    // Set before: while the report is under way, no other one is due.
    pending.set(name, { failures, at });
    try {
      const execution = executions.byName(name);
      if (execution !== undefined) {
        const { id, input, error } = execution;
        await onFailure?.({ name, input: JSON.parse(input), error: error ?? {} });
        executions.markFailureReported(id);
      }
      pending.delete(name);
    } catch (error) {
      log({ message: 'A failure could not be reported.', execution: name, error });
    }
  }

  return {
    report,
    /** Repeats the reports whose pause is over. */
    async repeatDue(): Promise<void> {
      const due = [...pending].filter(([, { at }]) => at <= now());
      for (const [name] of due) await report(name);
    },
    /** Epoch milliseconds of the next repetition; null when none is due. */
    nextDue(): number | null {
      const times = [...pending.values()].map(({ at }) => at);
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}
