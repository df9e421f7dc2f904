import { describe, expect, it, onTestFinished } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import { evaluationRows } from '../../bot/features/run/evaluation-table.ts';
import { statusMessage } from '../../bot/features/status/status-message.ts';
import { diffMessage } from '../../bot/features/versions/diff-message.ts';
import { versionsMessage } from '../../bot/features/versions/versions-message.ts';
import { diff, side } from '../../bot/gallery/form-examples.ts';
import { sampleFacts } from '../../bot/gallery/run-examples.ts';
import { sampleModel, sampleVersion } from '../../bot/gallery/sample-fleet.ts';
import { evaluation } from '../../bot/gallery/sample-parts.ts';
import { compareVersions } from '../../pipeline/core/compare-versions.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { aRun } from '../fakes/samples.ts';
import { createAlertHarness } from './alert-harness.ts';
import { sample } from './sample.ts';

const now = new Date('2026-11-20T12:00:00.000Z');

describe('a promotion that waits', () => {
  it('shows the scores of both versions on its card and in the confirmation', () => {
    const facts = { ...sampleFacts, diff: diff(['ham']) };

    const shown = card(sample('promote waits'), facts);

    expect(plainText(shown)).toContain(
      'Macro-F1 0.952, +1.4 points against v6 (0.938) on the same held-out rows',
    );
    const approve = shown.blocks.find(({ type }) => type === 'actions');
    expect(JSON.stringify(approve)).toContain('Macro-F1 0.952 against 0.938 of v6 (+1.4 points)');
  });
});

describe('figures of different rows', () => {
  it('are not subtracted', () => {
    const other = { ...diff(['ham']), isOnSameRows: false };

    const text = plainText(diffMessage(other));

    expect(text).toContain('the figures cannot be compared');
    expect(text).not.toContain('points');
    expect(plainText(card(sample('promote waits'), { ...sampleFacts, diff: other }))).toContain(
      'Macro-F1 0.952 against v6 (0.938), on different held-out rows, so the two cannot be compared',
    );
  });

  it('are explained where versions of several datasets are listed', () => {
    const [one, other] = [sampleVersion(7), { ...sampleVersion(6), datasetVersion: 'ffff' }];

    expect(plainText(versionsMessage('spam', [one, other], 7))).toContain('own dataset');
    expect(plainText(versionsMessage('spam', [one], 7))).not.toContain('own dataset');
  });
});

describe('the latency of two versions', () => {
  const compared = (shift: number) =>
    compareVersions(
      { version: sampleVersion(6), run: null },
      {
        version: sampleVersion(7),
        run: aRun({ evaluation: evaluation(['ham', 'spam'], shift), evaluatedAgainst: 6 }),
      },
    );

  it('is not a difference while it is within what single answers differ by', () => {
    const text = plainText(diffMessage(compared(0.041)));

    expect(text).toMatch(/Median time +12\.4 ms +8\.3 ms +within noise/);
  });

  it('is one beyond that', () => {
    expect(plainText(diffMessage(compared(-0.2)))).toMatch(/12\.4 ms +32\.4 ms +\+20\.0 ms/);
  });

  it('is in the table of an evaluation only beyond that', () => {
    const names = (shift: number) =>
      evaluationRows(evaluation(['ham', 'spam'], shift), 'v6').rows.map(([name]) => name);

    expect(names(0.041)).not.toContain('Median time');
    expect(names(-0.2)).toContain('Median time');
  });

  it('is shown as it is where the noise is not known', () => {
    expect(plainText(diffMessage({ ...diff([]), from: side(6) }))).toContain('−1.4 ms');
  });
});

describe('the status of a model', () => {
  it('tells the newest score of production on fresh rows beside the registered one', () => {
    const run: Run = {
      ...sample('blocked'),
      evaluatedAgainst: 7,
      createdAt: '2026-11-20T10:00:00.000Z',
    };
    const status = sampleModel('spam', 'Spam filter', []);

    const text = plainText(statusMessage([{ ...status, recentRuns: [run] }], now));

    expect(text).toContain(
      'Macro-F1 0.938 on 912 fresh rows 2 hours ago (0.938 when it was registered)',
    );
    expect(plainText(statusMessage([status], now))).toContain(
      'Macro-F1 0.938 when it was registered',
    );
  });
});

describe('an alert', () => {
  it('links the candidate that scored better as soon as it waits for approval', async () => {
    const bot = await createAlertHarness();
    onTestFinished(() => bot.close());
    await bot.look(true);
    expect(bot.card()).not.toContain('scored better');

    const waiting = { ...sample('waiting for approval'), evaluatedAgainst: 6 };
    bot.pipeline.put(waiting);
    await bot.announcer.onEvent(waiting.id);
    await bot.announcer.idle();

    expect(bot.card()).toContain(
      '✋ spam v7 scored better and is waiting for approval: Macro-F1 0.952 (+1.4 points)',
    );
    const value = JSON.stringify([waiting.id, waiting.approval?.digest]);
    await bot.pressed('U0GRACE', actionIds.approve, value);
    expect(bot.card()).not.toContain('scored better');
  });

  it('does not advertise a candidate that scored no better', async () => {
    const bot = await createAlertHarness();
    onTestFinished(() => bot.close());
    const run = sample('waiting for approval');
    bot.pipeline.put({
      ...run,
      evaluatedAgainst: 6,
      evaluation: evaluation(['ham', 'spam'], -0.01),
    });

    await bot.look(true);

    expect(bot.card()).not.toContain('scored better');
  });
});
