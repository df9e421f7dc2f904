import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { baselines } from '../../bot/gallery/sample-parts.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { createBotHarness } from './bot-harness.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

function waiting(baseline: keyof typeof baselines, changes: Partial<Run> = {}): Run {
  const run = sampleRuns({ baseline: baselines[baseline] })['waiting for approval'];
  if (run === undefined) throw new Error('There is no such sample.');
  return { ...run, ...changes };
}

const cardOf = (run: Run) => plainText(card(run, facts));
const training = {
  jobName: 'spam-1-train-1',
  kind: 'train',
  instanceType: 'ml.g4dn.xlarge',
  spot: true,
  running: 600,
  billable: 200,
} as const;

describe('the baseline on the card', () => {
  it('has its name behind “Details”', () => {
    expect(plainText(runDetails(waiting('beaten'), facts))).toMatch(
      /^Baseline TF-IDF \+ logistic regression 0\.931 in 4 s$/m,
    );
  });

  it('is a score and a time where the candidate is proven better', () => {
    expect(cardOf(waiting('beaten'))).toMatch(/ · Gate: pass · Baseline 0\.931 in 4 s$/m);
  });

  it('says that the candidate is not proven better, what it took, and on how many rows', () => {
    expect(cardOf(waiting('level'))).toContain(
      'Baseline TF-IDF + logistic regression 0.955 in 21 s, on 20,000 of 100,000 training rows. The candidate, trained in 1 min 44 s, is not proven better: −0.3 points, 90 % interval −1.1 to +0.5',
    );
  });

  it('says that the candidate is worse, with the price where AWS billed one', () => {
    expect(cardOf(waiting('better', { usage: [training] }))).toContain(
      'Baseline TF-IDF + logistic regression 0.976 in 4 s. The candidate, trained in 1 min 44 s for about $0.04, is worse: −2.4 points, 90 % interval −3.7 to −1.2',
    );
  });

  it('says why there is none', () => {
    expect(cardOf(waiting('failed'))).toMatch(/^No baseline: .* could not be fitted\. Unexpected/m);
  });

  it('is not there in a run from before it was fitted', () => {
    const run = sampleRuns()['waiting for approval'];

    expect(run && cardOf(run)).not.toContain('aseline');
  });
});

it('names the majority class in the thread', () => {
  const entries = thread(waiting('beaten'), facts).map((entry) => plainText(entry));

  expect(entries.join('\n')).toContain('Always answering “ham” scores 0.415.');
});

it('is part of the answer to “why”', async () => {
  const bot = await createBotHarness();
  bot.pipeline.put(waiting('better'));

  const reply = await bot.command('U0ADA', 'why spam');
  await bot.close();

  expect(reply).toContain('is worse: −2.4 points');
});
