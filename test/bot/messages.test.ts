import { messageProblems, viewProblems } from '@mlops-bot/slack-simulator/limits';
import { describe, expect, it } from 'vitest';
import { answer, errorAnswer } from '../../bot/blocks/answer.ts';
import { escapeText, shown, truncate } from '../../bot/blocks/escape.ts';
import { duration, points, progressBar, smallShare } from '../../bot/blocks/format.ts';
import { isWaitingForApproval } from '../../bot/blocks/headline.ts';
import type { Message } from '../../bot/blocks/message.ts';
import { noticeModal } from '../../bot/blocks/modal.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { rejectionModal } from '../../bot/features/approval/rejection-modal.ts';
import { waitingMessage } from '../../bot/features/approval/waiting-message.ts';
import { homeFilters } from '../../bot/features/home/home-state.ts';
import { homeView } from '../../bot/features/home/home-view.ts';
import { logsMessage } from '../../bot/features/logs/logs.ts';
import { noticeMessage } from '../../bot/features/notices/notice-message.ts';
import { card } from '../../bot/features/run/card.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { runsMessage } from '../../bot/features/runs/runs.ts';
import { statusMessage } from '../../bot/features/status/status-message.ts';
import { versionsMessage } from '../../bot/features/versions/versions-message.ts';
import { sampleModel, sampleNow } from '../../bot/gallery/sample-fleet.ts';
import { manyLabels, nastyNames } from '../../bot/gallery/sample-parts.ts';
import { nastyOptions, sampleRuns } from '../../bot/gallery/sample-runs.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { testConfig } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;

const variants = [
  ['plain', {}],
  ['first version', { firstVersion: true }],
  ['inconclusive', { outcome: 'inconclusive' }],
  ...nastyNames.map((name, index) => [name, nastyOptions(index)] as const),
] as const;

const cases = variants.flatMap(([variant, options]) =>
  Object.entries(sampleRuns(options)).map(([state, run]) => [state, variant, run] as const),
);

function expectSound(message: Message): void {
  expect(messageProblems(message)).toEqual([]);
}

describe('every message in every state', () => {
  it.each(cases)('%s (%s) is within Slack’s limits', (_state, _variant, run) => {
    expectSound(card(run, facts));
    expectSound(card(run, facts, { quiet: true }));
    for (const entry of thread(run, facts)) expectSound(entry);
  });

  it.each(cases)('%s (%s) lets nobody’s text mention or format', (_state, _variant, run) => {
    const json = JSON.stringify([card(run, facts, { quiet: true }), thread(run, facts)]);

    expect(json).not.toContain('\u202e');
    expect(json).not.toContain('\\n\\nsecond line');
    expect(json).not.toContain('"mrkdwn"');
    expect(json).not.toContain('"broadcast"');
    expect(JSON.stringify(card(run, facts, { quiet: true }).blocks)).not.toContain('"user_id"');
  });

  it('lists, modals and the Home tab keep the limits with hundreds of everything', () => {
    const runs = variants.flatMap(([, options]) => Object.values(sampleRuns(options)));
    const many = Array.from({ length: 130 }, (_, index) => `model-${index}`);
    const [spam] = Object.values(testConfig.models);
    if (spam === undefined) throw new Error('The test configuration has no model.');
    const fleet = many.map((name) => ({
      name,
      config: { ...spam, title: '*'.repeat(60) },
      production: { version: aVersion(7), since: '2026-11-01T00:00:00.000Z', runId: 'r' },
      endpoint: {
        endpointName: name,
        status: 'InService' as const,
        configName: null,
        failureReason: null,
        url: '',
        startSeconds: null,
        invocations: 12,
        serverErrors: 3,
        p95Milliseconds: 40,
      },
      rollbackTo: 6,
      rolledBack: null,
      activeRuns: runs.slice(0, 5),
      recentRuns: runs.slice(0, 5),
      alerts: [],
      retired: null,
    }));
    const waiting = runs
      .filter(isWaitingForApproval)
      .map((run) => ({ run: { ...run, id: `${run.id}-${Math.random()}` }, facts, isMine: true }));
    const now = new Date('2026-11-20T12:00:00.000Z');
    for (const filter of homeFilters) {
      const home = homeView({
        fleet: fleet.map((status) => ({ status, maker: null, schedule: 'rate(7 days)' })),
        waiting,
        isOperator: true,
        mayRollBack: () => true,
        state: { filter, page: 6, model: null },
        now,
      });

      expect(viewProblems(home)).toEqual([]);
      expect(Buffer.byteLength(JSON.stringify(home))).toBeLessThan(250_000);
    }
    expectSound(statusMessage(fleet, now));
    expectSound(
      runsMessage(
        runs.slice(0, 10).map((run) => ({ run, link: null })),
        now,
      ),
    );
    expectSound(
      versionsMessage(
        'spam',
        many.map((_, index) => aVersion(index)),
        3,
      ),
    );
    expectSound(waitingMessage(waiting));
    expectSound(
      logsMessage('r', {
        job: 'train',
        lines: manyLabels.flatMap((label) => [label, label.repeat(50)]),
      }),
    );
    for (const { run } of waiting) {
      expect(viewProblems(rejectionModal(run, { metadata: 'm' }))).toEqual([]);
    }
    for (const name of nastyNames) {
      const notice = noticeMessage({
        key: 'k',
        kind: 'file_ignored',
        fileName: name,
        reason: name,
        hint: name,
      });
      expectSound(notice);
      expect(viewProblems(noticeModal(notice))).toEqual([]);
    }
  });
});

describe('shown', () => {
  it.each([
    ['plain.csv', 'plain.csv'],
    ['two\nlines\t.csv', 'two lines .csv'],
    ['', ''],
    [' \u202E\n', ''],
    ['\u202Egnp.exe', 'gnp.exe'],
    ['ملف.csv', '\u2068ملف.csv\u2069'],
    ['<!channel> *x*', '<!channel> *x*'],
  ])('%j becomes %j', (typed, expected) => {
    expect(shown(typed)).toBe(expected);
  });

  it('keeps the end of a long name and halves no character', () => {
    expect(shown(`${'x'.repeat(200)}.csv`, 30)).toBe(`${'x'.repeat(19)}…xxxxxx.csv`);
    expect(truncate('👩🏽‍🔬👩🏽‍🔬', 9)).toBe('👩🏽‍🔬…');
    expect(escapeText('<!here> & co')).toBe('&lt;!here&gt; &amp; co');
  });
});

describe('an empty text', () => {
  const failed: Run = {
    ...sample('training failed'),
    reason: ' ',
    failure: { code: 'TRAINING_FAILED', message: 'Out of memory.', hint: '' },
  };

  it('leaves no line in an answer', () => {
    const error = new MlopsError('MODEL_UNKNOWN', 'Which model?', { hint: ' ' });

    expect(plainText(answer('Done.', '', null))).toBe('Done.');
    expect(plainText(errorAnswer(error, 'r1'))).toBe('Which model?');
  });

  it('leaves no hint and no reason on a card or in its thread', () => {
    const messages = [card(failed, facts), ...thread(failed, facts)];

    for (const message of messages) {
      expectSound(message);
      expect(plainText(message)).not.toMatch(/^\s*$|Reason:|no name/m);
    }
  });

  it('leaves no empty paragraph below the problems of a dataset', () => {
    const run = sample('data invalid');
    const errors = run.prepared?.errors.map((error) => ({ ...error, hint: '' })) ?? [];
    const prepared = run.prepared === null ? null : { ...run.prepared, errors };

    const [entry] = thread({ ...run, prepared }, facts);

    expect(JSON.stringify(entry?.blocks)).not.toContain('"elements":[]');
  });
});

describe('figures', () => {
  it('show a small share of failed requests as more than zero', () => {
    const status = statusMessage([sampleModel('spam', 'Spam filter', [])], sampleNow);

    expect(plainText(status)).toContain('1,204 requests · 0.2 % failed');
  });

  it.each([
    [0, '<0.1 s'],
    [0.1, '0.1 s'],
    [0.44, '0.4 s'],
    [59.6, '1 min'],
    [61, '1 min 1 s'],
    [3_600, '1 h'],
    [90_061, '1 d 1 h'],
  ])('%f seconds is %s', (seconds, expected) => {
    expect(duration(seconds)).toBe(expected);
  });

  it.each([
    [0.0141, '+1.4 points'],
    [-0.031, '−3.1 points'],
    [0.0001, '±0.0 points'],
  ])('a change of %f is %s', (difference, expected) => {
    expect(points(difference)).toBe(expected);
  });

  it.each([
    [0, '0 %'],
    [1 / 40_000, '<0.1 %'],
    [3 / 1_000, '0.3 %'],
    [0.175, '17.5 %'],
    [1, '100.0 %'],
  ])('a failing share of %f is %s', (share, expected) => {
    expect(smallShare(share)).toBe(expected);
  });

  it('a progress bar never leaves its frame', () => {
    expect(progressBar(-1, 4)).toBe('░░░░');
    expect(progressBar(0.5, 4)).toBe('██░░');
    expect(progressBar(7, 4)).toBe('████');
  });
});
