import { type AuditEntry, auditText } from './audit.ts';
import { MlopsError } from './errors.ts';
import type { AuditLog, Clock } from './ports.ts';

/** What was asked; `what` is untrusted text, which is masked and shortened here. */
export type AuditedRequest = Omit<AuditEntry, 'at' | 'outcome'>;

/**
 * Does the work and appends who asked for it, from where and what came of it. The entry is written
 * before the result is returned, since on Lambda nothing runs after the answer. A failure leaves an
 * entry of its own each time, and is thrown on.
 */
export async function recordAudit<T>(
  deps: {
    readonly audit: Pick<AuditLog, 'append'>;
    readonly clock: Clock;
    /** Takes what the log could not; without it the error is thrown. */
    readonly onLost?: (error: unknown) => void;
  },
  request: AuditedRequest,
  work: () => Promise<T>,
  options: {
    /** Null leaves no entry, because nothing was decided yet. */
    readonly outcomeOf: (result: T) => AuditEntry['outcome'] | null;
    /** Outcomes that leave one entry under the id, however often the request is repeated. */
    readonly once: readonly AuditEntry['outcome']['kind'][];
  },
): Promise<T> {
  const append = async (outcome: AuditEntry['outcome'] | null) => {
    if (outcome === null) return;
    const at = deps.clock.now().toISOString();
    const id = options.once.includes(outcome.kind) ? request.id : `${request.id}:${at}`;
    const entry = { ...request, id, what: auditText(request.what), at, outcome };
    await deps.audit.append(entry).catch((error: unknown) => {
      if (deps.onLost === undefined) throw error;
      deps.onLost(error);
    });
  };
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await append({ kind: 'failed', code: error instanceof MlopsError ? error.code : 'UNEXPECTED' });
    throw error;
  }
  await append(options.outcomeOf(result));
  return result;
}
