import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { card } from '../../bot/features/run/card.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { aVersion } from './fake-pipeline.ts';
import { sample } from './sample.ts';

let bot: BotHarness;

beforeEach(async () => {
  bot = await createBotHarness();
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

describe('what is typed after /mlops', () => {
  it.each([
    ['', 'status  runs  versions'],
    ['help all', '/mlops status [model or run]'],
    ['help', 'Models: spam, tumour'],
    ['HELP retrain', '/mlops retrain <model>'],
    ['help retrian', 'Did you mean /mlops help retrain?'],
    ['retrian spam', 'Did you mean /mlops retrain spam?'],
    ['make me a sandwich', 'There is no command “make”.'],
    ['<!channel>', 'There is no command “<!channel>”.'],
    ['retrain reason=x', 'Which model?'],
    ['retrain spma epochs=3', 'Did you mean /mlops retrain spam epochs=3?'],
    ['retrain wine', 'The models are: spam, tumour.'],
    ['retrain spam tomorrow', 'retrain does not take “tomorrow”.'],
    ['retrain spam epocs=3', 'Did you mean /mlops retrain spam epochs=3?'],
    ['retrain spam rate=0.1', 'Did you mean /mlops retrain spam learning_rate=0.1?'],
    ['logs spam deploy', '“deploy” is not a job.'],
    ['retrain spam epochs=many', 'epochs = “many” is not a whole number.'],
    ['retrain spam epochs=100', 'is not between 1 and 20'],
    ['retrain spam dataset=ffff', 'Drop a dataset into the inbox first.'],
    ['retrain spam __proto__=1', 'does not take'],
    ['retrain spam constructor=1', 'has no hyperparameter “constructor”'],
    ['promote spam', 'spam has no registered version yet.'],
    ['retrain spam spot=maybe', 'spot = “maybe” is not true or false.'],
    ['retrain spam commit=main', 'commit = “main” is not a commit hash.'],
    ['diff spam', 'spam has no registered version yet.'],
    ['diff spam 7', 'nothing in production to compare with'],
    ['diff spam 7 7', 'Both versions are v7.'],
    ['costs soon', '“soon” is not a month.'],
    ['cots', 'Did you mean /mlops costs?'],
    ['retry', 'There are no runs yet.'],
    ['promote spam seven', '“seven” is not a version.'],
    ['promote spam 7 raeson=x', 'Did you mean /mlops promote spam 7 reason=x?'],
    ['rollback spam raeson=x', 'Did you mean /mlops rollback spam reason=x?'],
    ['aprove spam', 'Did you mean /mlops approve spam?'],
    ['approve', 'Nothing is waiting for approval.'],
    ['status spam quickly', 'status does not take “quickly”.'],
    ['reject spam too slow', 'Nothing is waiting for approval.'],
    ['reject f1=0.8', 'reject has no option “f1”.'],
    ['rollback spam', 'spam has nothing in production yet.'],
    ['stop', 'No run is in progress.'],
    ['stop nothing', 'No run is in progress.'],
    ['runs', 'There are no runs yet.'],
    ['versions spam', 'spam has no registered version yet.'],
    ['logs', 'There are no runs yet.'],
    ['approvals', 'Nothing is waiting for approval.'],
    ['whoami', 'You are Ada, Slack ID U0ADA.'],
    ['status', 'Spam filter (spam)'],
    ['status spma', 'Did you mean /mlops status spam?'],
    ['interrupt', 'There is no command “interrupt”.'],
  ])('“%s” is answered with “%s”', async (text, expected) => {
    expect(await bot.command('U0ADA', text)).toContain(expected);
    expect(bot.pipeline.started).toEqual([]);
  });

  it('is understood with capitals, smart quotes and dashes', async () => {
    const answer = await bot.command('U0ADA', 'Retrain SPAM —epochs=3 reason=“try longer”');

    expect(answer).toContain('Retrain of spam started. Follow it on its card in #ml-ops.');
    expect(bot.pipeline.started).toMatchObject([
      {
        kind: 'retrain',
        model: 'spam',
        requestedBy: { kind: 'person', id: 'U0ADA', name: 'Ada' },
        reason: 'try longer',
        hyperparameters: { epochs: '3' },
      },
    ]);
  });

  it('starts one run when Slack delivers it twice', async () => {
    await bot.command('U0ADA', 'retrain spam', 'same-trigger');
    const again = await bot.command('U0ADA', 'retrain spam', 'same-trigger');

    expect(bot.pipeline.started).toHaveLength(1);
    expect(again).toContain('was already started');
  });

  it('retrains with an earlier dataset by the start of its version', async () => {
    bot.pipeline.put(sample('deployed'));

    await bot.command('U0ADA', 'retrain spam dataset=3f9a1c');

    expect(bot.pipeline.started).toMatchObject([{ dataset: { version: '3f9a1c77b2e4' } }]);
  });

  it('promotes with or without the v', async () => {
    await bot.command('U0ADA', 'promote spam v5 reason="needed back"');

    expect(bot.pipeline.started).toMatchObject([
      { kind: 'promote', version: 5, reason: 'needed back' },
    ]);
  });
});

describe('questions', () => {
  it('status of a run is its card without buttons', async () => {
    bot.pipeline.put(sample('waiting for approval'));

    const answer = await bot.command('U0KIT', 'status spam-20261120-a1b2c3d4');

    expect(answer).toContain('✋ spam v7 is waiting for approval');
    expect(answer).not.toContain('[Approve]');
  });

  it('status, versions and diff say which code trained; the card does not', async () => {
    const run = sample('waiting for approval');
    bot.pipeline.put(run);
    const source = { code: '0c7e51d2a9b84f36', commit: '9fceb02d0ae598e95dc970b74767f19372d61af8' };
    bot.pipeline.setVersions([{ ...aVersion(7), source }, aVersion(6)]);

    expect(await bot.command('U0KIT', `status ${run.id}`)).toContain('Trained with code 0c7e51d2.');
    expect(JSON.stringify(card(run, { title: 'Spam', metric: 'macro_f1' }))).not.toContain('0c7e');
    expect(await bot.command('U0KIT', 'versions spam')).toContain(
      ' · code 0c7e51d2, commit 9fceb02d',
    );
    expect(await bot.command('U0KIT', 'diff spam 6 7')).toContain(
      'Code not recorded → 0c7e51d2, commit 9fceb02d',
    );
  });

  it('status shows what is live and which runs are in progress', async () => {
    bot.pipeline.setProduction(6);
    bot.pipeline.put(sample('training'));

    const answer = await bot.command('U0KIT', 'status spam');

    expect(answer).toContain('v6 in production for 1 day · Macro-F1 0.938');
    expect(answer).toContain('⏳ spam: training, 42 %');
  });

  it('runs, versions and approvals list what exists', async () => {
    bot.pipeline.put(sample('waiting for approval'));
    bot.pipeline.setVersions([aVersion(7), aVersion(6)]);
    bot.pipeline.setProduction(6);

    expect(await bot.command('U0KIT', 'runs spam')).toContain('spam-20261120-a1b2c3d4');
    expect(await bot.command('U0KIT', 'versions spam')).toContain(
      'v6 · in production · Macro-F1 0.938',
    );
    expect(await bot.command('U0GRACE', 'approvals')).toContain('you can decide, on its card');
    expect(await bot.command('U0KIT', 'approvals')).not.toContain('you may decide');
  });

  it('logs shows the end of a long log', async () => {
    bot.pipeline.put(sample('training'));
    bot.pipeline.setLogs(
      Array.from({ length: 40 }, (_, line) => `line ${line} ${'x'.repeat(200)}`),
    );

    const answer = await bot.command('U0ADA', 'logs a1b2c3d4');

    expect(answer).toContain('line 39');
    expect(answer).not.toContain('line 1 ');
  });

  it('logs names the job, and shows the job that is asked for', async () => {
    bot.pipeline.put(sample('training'));
    bot.pipeline.setLogs(['macro-F1 0.975']);

    const answer = await bot.command('U0ADA', 'logs spam evaluate');

    expect(answer).toContain('Last line of the evaluation log of run');
  });
});

describe('rights', () => {
  const people = ['U0ADA', 'U0GRACE', 'U0KIT'] as const;

  it.each([
    ['retrain spam', 'Retrain of spam started', [true, false, false]],
    ['promote spam 5', 'Promotion of spam started', [true, false, false]],
    ['rollback tumour', 'tumour has nothing in production', [true, true, false]],
    ['promote spam', 'there is no other version', [true, false, false]],
    ['retry spam', 'That run is still in progress', [true, false, false]],
    ['stop spam', 'Stopping the retrain of spam', [true, false, false]],
    ['costs', 'Costs for November 2026', [true, true, true]],
    ['approvals', 'Nothing is waiting for approval.', [true, true, true]],
    ['diff spam 7 6', 'spam has no version 7', [true, true, true]],
    ['status', 'Spam filter', [true, true, true]],
    ['logs spam', 'has no log yet', [true, true, true]],
  ] as const)('%s', async (text, expected, allowed) => {
    for (const [index, person] of people.entries()) {
      bot.pipeline.put(sample('training'));
      bot.pipeline.setProduction(7, 'spam-live', 6);

      const answer = await bot.command(person, text);

      expect([person, answer.includes(expected)]).toEqual([person, allowed[index]]);
      if (!allowed[index]) expect(answer).toMatch(/^Only operators/);
    }
  });

  it('knows approvers by their user group, asking Slack once a minute', async () => {
    await bot.command('U0GRACE', 'rollback tumour');
    await bot.command('U0GRACE', 'rollback tumour');
    const asked = bot.slack.calls.filter(({ method }) => method === 'usergroups.users.list');

    expect(asked).toHaveLength(1);
  });

  it('exclude a user group whose members Slack does not return', async () => {
    bot.slack.misbehave('usergroups.users.list', { kind: 'error', error: 'missing_scope' });

    expect(await bot.command('U0GRACE', 'rollback tumour')).toContain('you are neither');
  });
});

describe('interrupt', () => {
  it('exists only where everything runs on one machine', async () => {
    const interrupted: (string | undefined)[] = [];
    const local = await createBotHarness({
      local: {
        interrupt: async (model) => {
          interrupted.push(model);
          return { message: 'The machine is gone.' };
        },
      },
    });

    expect(await local.command('U0ADA', 'interrupt spam')).toBe('The machine is gone.');
    expect(await local.command('U0KIT', 'interrupt spam')).toContain('Only operators');
    expect(interrupted).toEqual(['spam']);
    await local.close();
  });
});

describe('a command that fails', () => {
  it('says so without details, and logs them under a reference', async () => {
    bot.pipeline.failNext(new TypeError('x is not a function'));

    const answer = await bot.command('U0ADA', 'retrain spam');

    expect(answer).toContain('Something unexpected went wrong');
    expect(answer).not.toContain('x is not a function');
    const reference = /under ([0-9a-f]{8})/.exec(answer)?.[1] ?? 'none';
    expect(bot.logged.join('\n')).toContain(`${reference}: TypeError`);
  });
});
