import { describe, expect, it } from 'vitest';
import {
  emptyLedger,
  type GateLedger,
  type ProvenDeployment,
  settleAnchor,
} from '../../pipeline/core/gate/ledger.ts';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';

describe('the anchor of a model that is older than its ledger', () => {
  it('is what was live before, unless the new version is proven better', () => {
    const equal = settled(emptyLedger('spam'), { version: 5, from: 4, verdict: aVerdict(-0.01) });
    const better = settled(emptyLedger('spam'), { version: 5, from: 4, verdict: aVerdict(0.01) });

    expect(equal.anchor).toMatchObject({ version: 4, by: 'first' });
    expect(better.anchor).toMatchObject({ version: 5, by: 'proven' });
  });

  it('moves with a person who rolls back from it', () => {
    const back = settled(emptyLedger('spam'), { version: 3, from: 4, isRollback: true });

    expect(back.anchor).toMatchObject({ version: 3, by: grace });
  });

  it('is written once, whoever deploys next', () => {
    const once = settled(emptyLedger('spam'), { version: 5, from: 4, verdict: aVerdict(-0.01) });

    const next = settled(once, { version: 6, from: 5, verdict: aVerdict(-0.01) });

    expect(next).toBe(once);
    expect(once.revision).toBe(1);
  });
});

describe('the anchor of a new model', () => {
  it('is its first version', () => {
    const first = settled(emptyLedger('spam'), { version: 1, from: null, verdict: null });

    expect(first.anchor).toMatchObject({ version: 1, by: 'first' });
  });
});

const grace = { kind: 'person', id: 'U0GRACE', name: 'Grace' } as const;

function settled(
  ledger: GateLedger,
  {
    isRollback = false,
    ...deployment
  }: Pick<ProvenDeployment, 'version' | 'from'> & {
    readonly verdict?: Verdict | null;
    readonly isRollback?: boolean;
  },
): GateLedger {
  const defaults = { runId: 'spam-a1b2c3d4', at: '2026-11-26T02:00:00.000Z', verdict: null };
  return settleAnchor(ledger, { ...defaults, person: grace, ...deployment, isRollback });
}

/** Of a candidate whose whole interval is above zero, or is not. */
function aVerdict(lower: number): Verdict {
  return {
    outcome: 'pass',
    checks: [],
    difference: { estimate: lower + 0.01, lower, upper: lower + 0.02 },
    discordant: { candidateOnly: 3, productionOnly: 1 },
    rowsNeeded: null,
  };
}
