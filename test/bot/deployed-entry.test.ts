import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { deployedEntry } from '../../bot/features/run/deployment-entries.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

/** What the thread says of a deployment from one version to another. */
function entryText(from: number | null, to: number): string {
  const run = sample('deployed');
  if (run.deployment === null) throw new Error('The sample has no deployment.');
  const deployed: Run = { ...run, deployment: { ...run.deployment, from, to } };
  const entry = deployedEntry(deployed, { title: 'Spam filter', metric: 'macro_f1' });
  return entry === null ? '' : plainText(entry);
}

describe('the entry of a deployment', () => {
  it('says that the version before is there for a rollback', () => {
    expect(entryText(1, 2)).toContain('v1 stays available for a rollback');
  });

  it('does not say so of a newer version, to which only a promotion leads', () => {
    expect(entryText(2, 1)).toContain('v1 is live');
    expect(entryText(2, 1)).not.toContain('available for a rollback');
  });

  it('does not say so of a first version', () => {
    expect(entryText(null, 1)).not.toContain('available for a rollback');
  });
});
