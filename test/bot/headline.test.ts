import { describe, expect, it } from 'vitest';
import { headline } from '../../bot/blocks/headline.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { sample } from './sample.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

/** The run as it is after its last stage, just before its end is recorded. */
const beforeItsEnd = (run: Run): Run => ({ ...run, outcome: null, failure: null, endedAt: null });

describe('the headline between two stages', () => {
  it.each([
    ['deployed', '✅ spam v7 is live'],
    ['promoted', '✅ spam v6 is live'],
    ['rolled back', '✅ spam is back on v6'],
    ['blocked', '⛔ spam: blocked by the gate'],
    ['rejected', '⛔ spam v7 was rejected'],
    ['expired', '⚪ spam v7 was not approved in time'],
    ['data invalid', '❌ spam: the data cannot be used'],
  ])('says of a run that is about to end as “%s” how it ends', (state, expected) => {
    const run = sample(state);

    expect(headline(beforeItsEnd(run))).toBe(expected);
    expect(headline(run)).toBe(expected);
  });

  it('names the kind of run that is starting', () => {
    const started = sample('started');

    expect(headline(started)).toBe('⏳ spam: retrain starting');
    expect(headline({ ...started, kind: 'rollback' })).toBe('⏳ spam: rollback starting');
  });

  it('names the next stage of a run that continues', () => {
    expect(headline(sample('judged'))).toBe('⏳ spam: registering the version');
  });
});

describe('the Stop button', () => {
  it('is gone once the deployment has started, also between deploy and watch', () => {
    const watching = sample('watching');
    const stages = watching.stages.map((stage) =>
      stage.name === 'watch' ? { ...stage, status: 'pending' as const, startedAt: null } : stage,
    );

    const text = plainText(card({ ...watching, stages }, facts));

    expect(text).not.toContain('[Stop]');
    expect(text).toContain('[Roll back to v6]');
  });

  it('names the run and says that production stays', () => {
    const json = JSON.stringify(card(sample('promote waits'), facts));

    expect(json).toContain('The promotion of spam will be stopped. Production stays as it is.');
  });
});
