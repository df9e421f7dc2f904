import { describe, expect, it } from 'vitest';
import { createCommandsEntry } from '../../bot/lambda/create-commands-entry.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { testConfig } from '../bot/bot-harness.ts';
import { createFakePipeline } from '../bot/fake-pipeline.ts';
import { sample } from '../bot/sample.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const retrain = {
  kind: 'command',
  words: ['retrain', 'spam'],
  from: 'ci',
  requestId: '4711.1',
};

function setUp() {
  const clock = createFakeClock();
  const pipeline = createFakePipeline({ config: testConfig, clock });
  const tools = { config: testConfig, pipeline, clock };
  return { pipeline, commands: createCommandsEntry({ tools, telemetry: silentTelemetry() }) };
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
    { ...retrain, from: 'slack' },
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
      message: 'Nobody can act as a person here.',
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
    await expect(commands({ ...retrain, from: 'schedule' })).rejects.toThrow('The table is busy.');
  });

  it('keeps in the audit that a schedule failed first and got through then', async () => {
    const { pipeline, commands } = setUp();
    const scheduled = { ...retrain, from: 'schedule' };
    pipeline.failNext(busy());
    await commands(scheduled).catch(() => undefined);

    await commands(scheduled);

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
