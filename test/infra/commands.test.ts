import { describe, expect, it } from 'vitest';
import { createCommandsEntry } from '../../bot/adapters/aws/create-commands-entry.ts';
import { commandSources } from '../../bot/cli/command-sources.ts';
import type { AnnouncementHint } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { testConfig } from '../bot/bot-harness.ts';
import { aVersion, createFakePipeline } from '../bot/fake-pipeline.ts';
import { sample } from '../bot/sample.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const retrain = {
  kind: 'command',
  words: ['retrain', 'spam'],
  requestId: '4711.1',
};

const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:mlops-bot-production-commands';

/** Through the source of CI, unless another is named. */
function setUp() {
  const clock = createFakeClock();
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const tools = { config: testConfig, pipeline, clock };
  const hints: AnnouncementHint[] = [];
  const entry = createCommandsEntry({
    tools,
    announcements: { send: async (hint) => void hints.push(hint) },
    telemetry: silentTelemetry(),
  });
  const commands = (request: unknown, alias = 'ci') =>
    entry(request, { invokedFunctionArn: `${functionArn}:${alias}` });
  return { pipeline, hints, entry, commands };
}

const busy = () => new MlopsError('CONFLICT', 'The table is busy.', { retryable: true });

describe('the commands function', () => {
  it('starts one run however often it is asked, and answers with its record', async () => {
    const { pipeline, commands } = setUp();

    const answers = [await commands(retrain), await commands(retrain)];

    expect(pipeline.started).toMatchObject([{ requestedBy: { kind: 'system', name: 'ci' } }]);
    for (const answer of answers) {
      expect(answer).toMatchObject({
        kind: 'answer',
        problem: null,
        data: { run: { model: 'spam' } },
      });
    }
  });

  it('keeps the commit that CI trains from', async () => {
    const { pipeline, commands } = setUp();

    await commands({ ...retrain, words: ['retrain', 'spam', 'commit=9FCEB02D0AE5'] });

    expect(pipeline.started).toMatchObject([{ commit: '9fceb02d0ae5', hyperparameters: {} }]);
  });

  it('tells a run by its id, and that there is none', async () => {
    const { pipeline, commands } = setUp();
    pipeline.put({ ...sample('blocked'), id: 'spam-aaaaaaaa' });

    expect(await commands({ kind: 'run', id: 'spam-aaaaaaaa' })).toMatchObject({
      kind: 'run',
      run: { id: 'spam-aaaaaaaa', outcome: 'blocked' },
    });
    expect(await commands({ kind: 'run', id: 'spam-x' })).toEqual({ kind: 'run', run: null });
  });

  it.each([
    null,
    {},
    'text',
    { ...retrain, from: 'cli' },
    { ...retrain, by: 'U0ADA' },
    { ...retrain, requestId: '' },
    { command: 'retrain', model: 'spam' },
  ])('refuses %j and starts nothing', async (request) => {
    const { pipeline, commands } = setUp();

    expect(await commands(request)).toMatchObject({ kind: 'error', code: 'REQUEST_INVALID' });
    expect(pipeline.started).toEqual([]);
  });

  it('lets nobody be a person', async () => {
    const { pipeline, commands } = setUp();

    expect(await commands({ ...retrain, as: 'U0ADA' })).toMatchObject({
      kind: 'error',
      code: 'REQUEST_INVALID',
      message: 'You cannot act as a person here.',
    });
    expect(pipeline.started).toEqual([]);
  });

  it('tells CI what may be tried again, and throws it for a schedule, whom nobody tells', async () => {
    const { pipeline, commands } = setUp();
    pipeline.failNext(busy());
    expect(await commands(retrain)).toMatchObject({
      code: 'CONFLICT',
      message: 'The table is busy.',
    });

    pipeline.failNext(busy());
    await expect(commands(retrain, 'schedule')).rejects.toThrow('The table is busy.');
  });

  it('keeps in the audit that a schedule failed first and got through then', async () => {
    const { pipeline, commands } = setUp();
    pipeline.failNext(busy());
    await commands(retrain, 'schedule').catch(() => undefined);

    await commands(retrain, 'schedule');

    expect(pipeline.audit.entries.map(({ from, outcome }) => [from, outcome.kind])).toEqual([
      ['schedule', 'failed'],
      ['schedule', 'ok'],
    ]);
  });

  it('throws what nobody can correct', async () => {
    const { pipeline, commands } = setUp();
    pipeline.failNext(new TypeError('a defect'));

    await expect(commands(retrain)).rejects.toThrow('a defect');
  });
});

describe('the source', () => {
  const give = (...words: string[]) => ({ ...retrain, words, isConfirmed: true });

  it.each(commandSources)('%s is what was invoked, whatever the request says', async (source) => {
    const { pipeline, commands } = setUp();

    await commands(retrain, source);

    expect(pipeline.started).toMatchObject([{ requestedBy: { kind: 'system', name: source } }]);
    expect(pipeline.audit.entries).toMatchObject([{ from: source, by: { name: source } }]);
  });

  it.each([functionArn, `${functionArn}:$LATEST`, `${functionArn}:7`, `${functionArn}:live`])(
    'is not %s: nothing is done, and the answer says what to invoke',
    async (invokedFunctionArn) => {
      const { pipeline, entry } = setUp();

      const answer = await entry(retrain, { invokedFunctionArn });

      expect(answer).toMatchObject({
        kind: 'error',
        message: expect.stringContaining('through its aliases alone: cli, ci, schedule.'),
      });
      expect(pipeline.started).toEqual([]);
    },
  );

  describe.each(['ci', 'schedule'] as const)('of %s', (source) => {
    it.each([
      ['status', 'spam'],
      ['runs'],
      ['versions', 'spam'],
      ['diff', 'spam', '6', '7'],
      ['logs', 'spam'],
      ['help'],
      ['Retrain', 'spam'],
      [],
    ])('takes %s', async (...words) => {
      const { pipeline, commands } = setUp();
      pipeline.put(sample('training'));
      pipeline.setProduction(7, 'spam-live', 6);
      pipeline.setVersions([aVersion(7), aVersion(6)]);

      const answer = await commands(give(...words), source);

      expect(answer).toMatchObject({ kind: 'answer', problem: null });
    });

    it.each([
      'promote spam 7',
      'rollback spam',
      'ROLLBACK spam',
      'reason=x rollback spam',
      'retry spam',
      'stop spam',
      'approve spam',
      'reject spam no',
      'mute spam-latency-1 1h',
      'unmute spam-latency-1',
      'alerts',
      'approvals',
      'costs',
      'audit',
      'nosuch',
    ])('refuses %s in one sentence, which the audit keeps', async (typed) => {
      const { pipeline, commands } = setUp();
      pipeline.put(sample('waiting for approval'));
      pipeline.setProduction(7, 'spam-live', 6);
      pipeline.setVersions([aVersion(7), aVersion(6)]);

      const answer = await commands(give(...typed.split(' ')), source);

      expect(answer).toMatchObject({
        kind: 'answer',
        problem: 'refused',
        text: expect.stringMatching(
          /cannot run \w+, only retrain, status, runs, versions, diff, logs and help\.$/,
        ),
      });
      expect(pipeline.started).toEqual([]);
      expect(pipeline.audit.entries).toMatchObject([
        { from: source, outcome: { kind: 'refused' } },
      ]);
    });
  });
});

describe('a retrain that a schedule asks for in vain', () => {
  const scheduled = { ...retrain, requestId: 'spam:2026-11-22T04:00:00Z' };
  const noDataset = () =>
    new MlopsError('DATASET_UNKNOWN', 'There is no valid dataset for spam yet.', {
      hint: 'Drop a CSV or JSON Lines file first.',
    });

  it('is told in Slack, under one key per occurrence', async () => {
    const { pipeline, hints, commands } = setUp();
    pipeline.failNext(noDataset());
    await commands(scheduled, 'schedule');
    pipeline.failNext(noDataset());
    await commands(scheduled, 'schedule');

    expect(hints).toHaveLength(2);
    expect(hints[1]).toEqual(hints[0]);
    expect(hints[0]).toEqual({
      kind: 'retrain_refused',
      key: 'schedule spam:2026-11-22T04:00:00Z',
      model: 'spam',
      reason: 'There is no valid dataset for spam yet.',
      hint: 'Drop a CSV or JSON Lines file first.',
    });
  });

  it('is told once it cannot be helped by trying again', async () => {
    const { pipeline, hints, commands } = setUp();
    pipeline.failNext(busy());

    await commands(scheduled, 'schedule').catch(() => undefined);
    await commands(scheduled, 'schedule');

    expect(hints).toEqual([]);
  });

  it('is nothing that CI would have to be told in Slack: it reads the answer', async () => {
    const { pipeline, hints, commands } = setUp();
    pipeline.failNext(noDataset());

    expect(await commands(retrain, 'ci')).toMatchObject({ code: 'DATASET_UNKNOWN' });
    expect(hints).toEqual([]);
  });
});
