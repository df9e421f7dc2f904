import type { AuditSource } from './audit-source.ts';
import type { ErrorCode } from './errors.ts';
import { maskSecrets } from './mask-secrets.ts';
import type { Actor, Decision, Instant, Run } from './run.ts';

export type { AuditSource } from './audit-source.ts';

/** One command or decision: who asked for what, from where, and the outcome. */
export interface AuditEntry {
  /** The same for every delivery of one command, so that it is written once. */
  readonly id: string;
  readonly at: Instant;
  readonly by: Actor;
  readonly from: AuditSource;
  /** Such as `retrain` or `approve`. */
  readonly action: string;
  /** Null when it is about no model of `mlops.config.ts`. */
  readonly model: string | null;
  /** The arguments as typed, without secrets; untrusted text of at most 300 characters. */
  readonly what: string;
  readonly outcome:
    | { readonly kind: 'ok' }
    | {
        readonly kind: 'refused';
        readonly reason: string;
        /** Nothing was attempted: the command was not understood. */
        readonly isMisread?: true;
      }
    | { readonly kind: 'failed'; readonly code: ErrorCode };
}

/** Who did what (DynamoDB | SQLite). Append-only: nothing changes or removes an entry. */
export interface AuditLog {
  /** Once per id: the same id again changes nothing. */
  append(entry: AuditEntry): Promise<void>;
  /** Newest first; at most `limit` (default 50). */
  list(query: { readonly model?: string; readonly limit?: number }): Promise<readonly AuditEntry[]>;
}

/** The entry of a decision that counted; null for one from before entries were made here. */
export function decisionEntry({ id, model }: Run, decision: Decision): AuditEntry | null {
  const { by, outcome, reason, at, from } = decision;
  if (from === undefined) return null;
  return {
    id: `decision:${id}:${by.kind === 'person' ? by.id : by.name}`,
    at,
    by,
    from,
    action: outcome === 'approved' ? 'approve' : 'reject',
    model,
    what: auditText([id, reason].filter(Boolean).join(' ')),
    outcome: { kind: 'ok' },
  };
}

const MOST_CHARACTERS = 300;

/** Typed text as it may be stored: without secrets, on one line, and short. */
export function auditText(typed: string): string {
  const line = maskSecrets(typed).replace(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARACTERS ? line : `${[...line].slice(0, 140).join('')}…`;
}

/** The model a word names, or a run or alert of it; null when it names none. */
export function modelNamedBy(word: string, models: readonly string[]): string | null {
  const typed = word.toLowerCase();
  const named = models.filter((model) => typed === model || typed.startsWith(`${model}-`));
  return named.sort((a, b) => b.length - a.length)[0] ?? null;
}
