import type { Actor, Instant, RunId } from '../run.ts';
import { fingerprintOf, type HeldOutSketch, shareSeen } from './held-out.ts';
import { acceptsLoss, type Verdict } from './verdict.ts';

/** A held-out set, and the runs whose candidates it has judged. */
export interface HeldOutUse extends HeldOutSketch {
  readonly fingerprint: string;
  readonly looks: readonly Look[];
}

interface Look {
  readonly runId: RunId;
  readonly at: Instant;
  /** How often these rows had judged by then, this time included. */
  readonly number: number;
}

/** The best version so far: what every candidate is compared with besides production. */
export interface Anchor {
  readonly version: number;
  readonly since: Instant;
  /** The run that made it the anchor. */
  readonly runId: RunId;
  /** `first`: nothing was there before; `proven`: better than the last one; otherwise who chose it. */
  readonly by: 'first' | 'proven' | Actor;
}

/** What the gate remembers of a model from run to run. */
export interface GateLedger {
  readonly model: string;
  /** Grows by one with each change; the condition of every write. */
  readonly revision: number;
  /** Oldest first. */
  readonly heldOut: readonly HeldOutUse[];
  readonly anchor: Anchor | null;
}

/** Gate ledgers by model (DynamoDB | SQLite). */
export interface GateLedgers {
  get(model: string): Promise<GateLedger | null>;
  /** Writes revision 1 where there is none, or over revision `ledger.revision - 1`; else false. */
  put(ledger: GateLedger): Promise<boolean>;
}

export function emptyLedger(model: string): GateLedger {
  return { model, revision: 0, heldOut: [], anchor: null };
}

/** Older sets are forgotten: about 1 KB each, in a document of at most 400 KB. */
const MOST_SETS = 100;

/**
 * Counts one use of held-out rows by a run; the same run again changes nothing, however often its
 * step is repeated. Earlier looks at sets that share rows with this one count by the share.
 */
export function countLook(
  ledger: GateLedger,
  { runId, at, sketch }: { runId: RunId; at: Instant; sketch: HeldOutSketch },
): { readonly ledger: GateLedger; readonly number: number } {
  const counted = ledger.heldOut.flatMap(({ looks }) => looks).find((look) => look.runId === runId);
  if (counted !== undefined) return { ledger, number: counted.number };
  const number = 1 + Math.round(looksBefore(ledger, sketch));
  const fingerprint = fingerprintOf(sketch);
  const look = { runId, at, number };
  const known = ledger.heldOut.some((use) => use.fingerprint === fingerprint);
  const heldOut = known
    ? ledger.heldOut.map((use) =>
        use.fingerprint === fingerprint ? { ...use, looks: [...use.looks, look] } : use,
      )
    : [...ledger.heldOut, { ...sketch, fingerprint, looks: [look] }].slice(-MOST_SETS);
  return { ledger: { ...ledger, revision: ledger.revision + 1, heldOut }, number };
}

function looksBefore({ heldOut }: GateLedger, sketch: HeldOutSketch): number {
  return heldOut.reduce((sum, use) => sum + use.looks.length * shareSeen(sketch, use), 0);
}

/** How often the newest held-out set would have judged after one more look. */
export function nextLookOf({ heldOut }: GateLedger): number {
  const newest = heldOut.at(-1)?.looks.at(-1);
  return newest === undefined ? 1 : newest.number + 1;
}

/** What a run did to production, as far as the anchor is concerned. */
export interface ProvenDeployment {
  readonly runId: RunId;
  readonly at: Instant;
  readonly version: number;
  /** The version that was live before. */
  readonly from: number | null;
  readonly verdict: Verdict | null;
  /** Who approved it or asked to roll back; null when no person did. */
  readonly person: Actor | null;
}

/**
 * The ledger after a version has gone live and proved itself. The anchor moves by itself only to a
 * version proven better; to a lesser one only by people, who approve that loss or roll back.
 */
export function settleAnchor(
  ledger: GateLedger,
  deployment: ProvenDeployment & { readonly isRollback: boolean },
): GateLedger {
  const { version, from, at, runId } = deployment;
  const fromHere = { since: at, runId };
  // A model may be older than its ledger: then the best version so far is what was live.
  const before: Anchor | null =
    ledger.anchor ?? (from === null ? null : { version: from, ...fromHere, by: 'first' });
  const by = whoMoves(before, deployment);
  const stays = by === null || before?.version === version;
  const anchor = stays ? before : { version, ...fromHere, by };
  return anchor === ledger.anchor ? ledger : { ...ledger, revision: ledger.revision + 1, anchor };
}

function whoMoves(
  anchor: Anchor | null,
  { verdict, person, from, isRollback }: Parameters<typeof settleAnchor>[1],
): Anchor['by'] | null {
  if (anchor === null) return 'first';
  if (isRollback) return anchor.version === from ? person : null;
  if (person !== null && acceptsLoss(verdict)) return person;
  const compared = verdict?.anchor === undefined ? verdict?.difference : verdict.anchor.difference;
  const isCompared = verdict?.anchor?.version === anchor.version || from === anchor.version;
  return isCompared && compared != null && compared.lower > 0 ? 'proven' : null;
}
