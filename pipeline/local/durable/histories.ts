import type { WireOperation } from '@aws/durable-execution-sdk-js';
import type { OperationStore } from './operation-store.ts';
import { applyDueTime, type StoredOperation } from './operations.ts';

/** The operations of one execution, in order of creation; what is put is written through. */
export interface History {
  get(id: string): StoredOperation | undefined;
  count(): number;
  /** Parents before children. */
  all(): readonly StoredOperation[];
  put(operation: StoredOperation): void;
  /** Ends every wait, retry delay and callback whose time has come. */
  applyDueTimes(now: number): void;
  /** Whether anything changed since an invocation looked last. */
  hasUnseen(): boolean;
  /** What changed since an invocation looked last; counts as seen from here on. */
  takeUnseen(): WireOperation[];
}

export type Histories = ReturnType<typeof createHistories>;

/**
 * The histories of executions that are being invoked. They stay in memory between two checkpoints,
 * which would otherwise mostly read what they wrote before. Callers own transactions: they `open`
 * within one and `keep` only after its commit.
 */
export function createHistories(operations: OperationStore) {
  const kept = new Map<string, { readonly token: string; readonly history: OpenHistory }>();

  return {
    /** From memory if it was kept under this token: then only answers to callbacks can be new. */
    open(executionId: string, token: string | null): History {
      const entry = kept.get(executionId);
      kept.delete(executionId);
      const history =
        entry?.token === token && entry !== undefined
          ? entry.history
          : openHistory(executionId, operations);
      history.read();
      return history;
    },
    /** Stays in memory until it is opened again or dropped; only `token` may write next. */
    keep(executionId: string, token: string, history: History): void {
      kept.set(executionId, { token, history: history as OpenHistory });
    },
    drop: (executionId: string) => void kept.delete(executionId),
  };
}

interface OpenHistory extends History {
  /** Reads all rows the first time, later those that nobody has seen. */
  read(): void;
}

function openHistory(executionId: string, operations: OperationStore): OpenHistory {
  const known = new Map<string, StoredOperation>();
  const unseen = new Set<string>();
  let isMarked = false;

  function put(operation: StoredOperation): void {
    const id = operation.wire.Id ?? '';
    known.set(id, operations.put(executionId, operation, { isSeen: true }));
    unseen.add(id);
  }

  return {
    read() {
      const rows = known.size === 0 ? operations.all(executionId) : operations.unseen(executionId);
      for (const { isUnseen, ...operation } of rows) {
        const id = operation.wire.Id ?? '';
        known.set(id, operation);
        if (!isUnseen) continue;
        unseen.add(id);
        isMarked = true;
      }
    },
    get: (id) => known.get(id),
    count: () => known.size,
    all: () => [...known.values()],
    put,
    applyDueTimes(now) {
      for (const operation of [...known.values()]) {
        if (operation.dueAt !== null && operation.dueAt <= now) put(applyDueTime(operation, now));
      }
    },
    hasUnseen: () => unseen.size > 0,
    takeUnseen() {
      if (isMarked) operations.markSeen(executionId);
      isMarked = false;
      const taken: WireOperation[] = [];
      if (unseen.size > 0) {
        for (const [id, { wire }] of known) if (unseen.has(id)) taken.push(wire);
      }
      unseen.clear();
      return taken;
    },
  };
}
