import { describe, expect, it } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { shellWord } from '../../bot/blocks/escape.ts';
import { headline } from '../../bot/blocks/headline.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { card } from '../../bot/features/run/card.ts';
import { curlLine } from '../../bot/features/run/curl.ts';
import { runDetails } from '../../bot/features/run/run-details.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import { slicedVerdict, wornVerdict } from '../../bot/gallery/sample-verdicts.ts';
import type { Verdict } from '../../pipeline/core/gate/verdict.ts';
import { hasEnded, type Run } from '../../pipeline/core/run.ts';
import { createBotHarness } from './bot-harness.ts';
import { sample } from './sample.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

describe('the card', () => {
  const text = (name: string) => plainText(card(sample(name), facts));

  it.each<[string, readonly string[]]>([
    ['started', ['New dataset in the inbox: messages-2026-11.csv (4.8 MB', '[Stop]']],
    [
      'data invalid',
      ['the data cannot be used', 'Row 12, column “label”', 'Production is unchanged.'],
    ],
    [
      'data changed',
      [
        'not trained, the data changed',
        'The dataset shrank from 31,400 to 9,120 rows (−71 %)',
        '[Train anyway]',
        'Production is unchanged.',
      ],
    ],
    ['training', ['training, 42 %', '42 % · step 320 of 760 · loss 0.489 · about 38 seconds left']],
    ['interrupted', ['training interrupted, will resume', 'waiting for a new machine']],
    ['training failed', ['CUDA out of memory', 'Use a smaller batch size', '[Run again]']],
    ['stopped', ['Stopped by Ada.', '[Run again]']],
    [
      'blocked',
      [
        'blocked by the gate',
        'Gate: fail. Macro-F1 is 3.1 points lower',
        'Production stays at v6.',
      ],
    ],
    [
      'waiting for approval',
      [
        'Macro-F1 0.952, +1.4 points against production v6 (0.938) on the same 912 rows · Gate: pass',
        'Needs one approval from @U0GRACE until',
        '[Approve] [Reject…] [Stop]',
      ],
    ],
    ['rejected', ['Rejected by Grace', 'Too many false alarms on <!channel> *bold*']],
    ['approved in Studio', ['Approved by @U0GRACE in SageMaker Studio', 'Compared with']],
    ['rejected in Studio', ['Rejected by @U0GRACE in SageMaker Studio', 'No reason given.']],
    ['expired', ['was not approved in time', '/mlops promote', '[Ask again for v7]']],
    ['queued', ['is waiting for another deployment', '[Stop]']],
    ['deployed', ['In production: v7 (previously v6) · Approved by Grace', '[Roll back to v6]']],
    [
      'replaced',
      ['v7 was live until v8 replaced it', 'v7 was in production from', '; v8 replaced it'],
    ],
    [
      'not put back yet',
      ['🚨 spam: v7 cannot be taken back yet', 'Restoring v6 keeps failing', 'check the endpoint'],
    ],
    ['reverted', ['rolled back, v6 is live again', '7 of 40 requests failed']],
    ['promote waits', ['Ada asked to put v6 into production', '[Approve]']],
    ['rolled back', ['spam is back on v6', 'Ada started a rollback to v6']],
  ])('shows what matters about “%s”', (name, expected) => {
    for (const part of expected) expect(text(name)).toContain(part);
  });

  it('has three lines in every state, and one more for each warning', () => {
    for (const [name, run] of Object.entries(sampleRuns())) {
      const lines = text(name)
        .split('\n')
        .filter((line) => !/^\[|^took |^Gate: fail|^Other settings/.test(line));
      expect([name, lines.length === 2 || lines.length === 3]).toEqual([name, true]);
      expect(text(name)).toContain(headline(run));
    }
  });

  it('says with a verdict other than pass what it rests on, while people can still act on it', () => {
    const runs = sampleRuns({ outcome: 'inconclusive' });

    const waiting = plainText(card(runs['waiting for approval'] as Run, facts));
    expect(waiting).toContain('\nGate: inconclusive. 912 held-out rows cannot rule out');
    expect(plainText(card(runs.deployed as Run, facts))).toContain(' · Gate: inconclusive\n');
  });

  it('names the slice that lost most, also beside another reason', () => {
    const waiting = (verdict: Verdict) =>
      plainText(
        card(
          sampleRuns({ outcome: 'inconclusive', verdict })['waiting for approval'] as Run,
          facts,
        ),
      );
    const { checks } = wornVerdict;

    expect(waiting(slicedVerdict)).toContain(
      '\nGate: inconclusive. country=DE: 9.4 points lower on 212 rows (0.953 → 0.859).\n',
    );
    expect(
      waiting({ ...wornVerdict, checks: [...checks, ...slicedVerdict.checks.slice(3)] }),
    ).toMatch(/Gate: inconclusive\. 912 held-out rows .* country=DE: 9\.4 points lower/);
  });

  it('says “live” only once the deployment is verified', () => {
    for (const [name, run] of Object.entries(sampleRuns())) {
      const isVerified = run.deployment?.verifiedAt != null;
      const told = `${text(name)}${thread(run, facts).map(plainText).join('\n')}`;
      if (!isVerified)
        expect([name, /\bv7 is live|In production: v7/.test(told)]).toEqual([name, false]);
    }
  });

  it('offers nothing that is over: a replaced version is not live, and cannot be rolled back', () => {
    expect(text('replaced')).not.toMatch(/In production|curl|\[Roll back/);
  });

  it('has no decision or stop buttons once the run has ended', () => {
    for (const run of Object.values(sampleRuns()).filter(hasEnded)) {
      expect(plainText(card(run, facts))).not.toMatch(/\[(Approve|Reject…|Stop)\]/);
    }
  });

  it('names who decided in SageMaker Studio without a mention where it must not notify', () => {
    const run = sampleRuns()['approved in Studio'] as Run;

    expect(plainText(card(run, facts, { quiet: true }))).toContain(
      'Approved by grace-1645 in SageMaker Studio',
    );
    expect(thread(run, facts).find(({ key }) => key === 'decision:1')?.text).toBe(
      'Approved by grace-1645 in SageMaker Studio',
    );
  });

  it('shows how many approvals are still missing', () => {
    const run = sampleRuns({ quorum: 2, approvers: ['U0GRACE', 'U0ADA'] })['waiting for approval'];

    expect(plainText(card(run as Run, facts))).toContain('Needs 2 approvals (0 of 2 given)');
  });
});

describe('the details of a run', () => {
  const details = (name: string) => plainText(runDetails(sample(name), facts));

  it.each<[string, readonly string[]]>([
    ['data invalid', ['✗ prepare', 'version 3f9a1c77b2e4']],
    ['waiting for approval', ['90 % interval', 'Gate: pass', '✓ register', 'Spot ml.g4dn.xlarge']],
    ['deployed', ['curl -s', 'Approved by Grace', 'In production: v7', 'took 17 min 47 s']],
    ['reverted', ['✗ watch', '7 of 40 requests failed']],
    ['other settings', ['Other settings than v6']],
  ])('have what the card of “%s” leaves out', (name, expected) => {
    for (const part of expected) expect(details(name)).toContain(part);
  });

  it('open from the card, for anybody', async () => {
    const bot = await createBotHarness();
    bot.pipeline.put(sample('deployed'));

    await bot.click('U0KIT', actionIds.details, sample('deployed').id);

    expect(JSON.stringify(bot.slack.openedViews)).toContain('curl -s');
    await bot.close();
    expect(bot.slack.problems).toEqual([]);
  });
});

describe('curlLine', () => {
  it('signs requests to SageMaker and quotes what a shell would read', () => {
    const url = 'https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/spam/invocations';

    const example = {
      contentType: 'application/json',
      body: `{"inputs":["You've won a prize, call now!"]}`,
    };

    expect(curlLine({ url, example })).toBe(
      `curl -s --aws-sigv4 aws:amz:eu-central-1:sagemaker --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'Content-Type: application/json' -d '{"inputs":["You'\\''ve won a prize, call now!"]}' ${url}`,
    );
    expect(curlLine({ url, example: { ...example, body: 'x'.repeat(3_000) } })).toBeNull();
    expect(shellWord("a'; rm -rf /")).toBe("'a'\\''; rm -rf /'");
  });
});
