import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotHarness, createBotHarness } from '../bot/bot-harness.ts';
import { sample } from '../bot/sample.ts';
import { openTerminalOn } from './terminal.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(() => bot.close());

const openTerminal = (options?: { isTerminal?: boolean }) => openTerminalOn(bot, options);

describe('mlops in a terminal', () => {
  it('prints the answer of Slack as text, without its menus', async () => {
    const terminal = await openTerminal();
    bot.pipeline.put(sample('training'));

    const { code, out, error } = await terminal.run('status', 'spam');

    expect(code).toBe(0);
    const inSlack = await bot.command('U0ADA', 'status spam');
    expect(out).toBe(`${inSlack.replace(/\n\[.*\]/g, '')}\n`);
    expect(error).toBe('');
  });

  it('prints facts as JSON for programs', async () => {
    const terminal = await openTerminal();
    bot.pipeline.put(sample('training'));

    const { out } = await terminal.run('runs', '--json');

    expect(JSON.parse(out)).toMatchObject({ ok: true, data: [{ model: 'spam' }] });
  });

  it('starts a run as the first operator, with quoted values, and records the source in the audit', async () => {
    const terminal = await openTerminal();

    const { code, out } = await terminal.run('retrain', 'spam', '--epochs=3', 'reason=two words');

    expect(code).toBe(0);
    expect(out).toContain('Retrain of spam started.');
    expect(bot.pipeline.started).toMatchObject([
      {
        requestedBy: { kind: 'person', id: 'U0ADA', name: 'Ada Okafor' },
        hyperparameters: { epochs: '3' },
        reason: 'two words',
      },
    ]);
    expect(await bot.pipeline.audit.list({})).toMatchObject([
      { from: 'cli', action: 'retrain', by: { id: 'U0ADA' }, outcome: { kind: 'ok' } },
    ]);
  });

  it.each([
    [['retrian'], 2, 'Did you mean mlops retrain?'],
    [['retrain', 'spma'], 2, 'Did you mean mlops retrain spam?'],
    [['retrain', 'spam', 'epochs=0'], 2, 'is not between 1 and 20'],
    [['retrain'], 2, 'Which model?'],
    [['status', '--jsno'], 2, 'Did you mean --json?'],
    [['stop', 'spam', '--as', 'U0KIT'], 1, 'Only operators can stop a run'],
  ])('%j exits with %i', async (args, expected, message) => {
    const terminal = await openTerminal();

    const { code, out, error } = await terminal.run(...args);

    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(error).toContain(message);
  });

  it('writes details of unknown errors to the log only', async () => {
    const terminal = await openTerminal();
    bot.pipeline.failNext(new TypeError('secret detail'));

    const { code, error } = await terminal.run('retrain', 'spam');

    expect(code).toBe(1);
    expect(error).toContain('Something unexpected went wrong');
    expect(error).not.toContain('secret detail');
    expect(bot.logged.join('\n')).toContain('secret detail');
  });
});

describe('--wait', () => {
  it.each([
    ['waiting for approval', 0],
    ['deployed', 0],
    ['blocked', 3],
    ['data changed', 3],
    ['training failed', 1],
    ['stopped', 1],
    ['rejected', 1],
    ['reverted', 1],
  ] as const)('exits for a run that ends up “%s” with %i', async (state, expected) => {
    const terminal = await openTerminal();
    const states = ['training', state];
    terminal.onSleep(() => {
      const [started] = bot.pipeline.started;
      if (started === undefined) return;
      bot.pipeline.put({ ...sample(states.shift() ?? state), id: 'spam-20261122-00000001' });
    });

    const { code, out, error } = await terminal.run('retrain', 'spam', '--wait');

    expect(code).toBe(expected);
    expect(error.split('\n').slice(0, 2)).toEqual([
      '⏳ spam: retrain starting',
      '⏳ spam: training',
    ]);
    expect(out).toContain('Run spam-20261122-00000001');
  });

  it('exits for an inconclusive run with 4, in JSON too', async () => {
    const terminal = await openTerminal();
    const waiting = sample('waiting for approval');
    const verdict = waiting.verdict && { ...waiting.verdict, outcome: 'inconclusive' as const };
    terminal.onSleep(() => {
      bot.pipeline.put({ ...waiting, verdict, id: 'spam-20261122-00000001' });
    });

    const { code, out, error } = await terminal.run('retrain', 'spam', '--wait', '--json');

    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ ok: false, data: { exitCode: 4 } });
    expect(error).toBe('');
  });

  it('overwrites one line on a terminal', async () => {
    const terminal = await openTerminal({ isTerminal: true });
    const states = ['training', 'deployed'];
    terminal.onSleep(() => {
      bot.pipeline.put({ ...sample(states.shift() ?? ''), id: 'spam-20261122-00000001' });
    });

    const { error } = await terminal.run('retrain', 'spam', '--wait');

    expect(error).not.toContain('\n');
    expect(error).toContain('42 % · step');
  });

  it('stops when the app does not come back', async () => {
    const terminal = await openTerminal();
    terminal.onSleep(() => void terminal.close());

    const { code, error } = await terminal.run('retrain', 'spam', '--wait');

    expect(code).toBe(1);
    expect(error).toContain('shows how it is doing');
  });
});
