import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { alertThread } from '../../bot/features/alerts/alert-thread.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import type {
  Change,
  DeploymentChange,
  PrecedingChange,
} from '../../pipeline/core/alert/production-changes.ts';
import { anAlert, anObservation } from '../fakes/alert-samples.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
const ada = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
const at = '2026-11-22T08:56:00.000Z';

const promotion: DeploymentChange = {
  kind: 'deployment',
  at,
  runId: 'spam-bbbbbbbb',
  version: 6,
  from: 5,
  how: 'approved',
  by: ada,
  reason: null,
};
const dataset: Extract<Change, { kind: 'dataset' }> = {
  kind: 'dataset',
  at,
  runId: 'spam-aaaaaaaa',
  fileName: 'march.csv',
  version: '0123456789ab',
  differences: [{ kind: 'shares', action: 'continue', isMinor: true, reason: 'spam 13 % → 40 %.' }],
};
const traffic: Change = { kind: 'traffic', at, before: 12, now: 40.4 };

function entryOf(...changes: readonly PrecedingChange[]) {
  const since = '2026-11-22T09:00:00.000Z';
  const alert = anAlert({ opened: { by: anObservation(), since, changes } });
  const entry = alertThread(alert, facts, { operators: [] }).find(({ key }) => key === 'changes');
  if (entry === undefined) throw new Error('The thread has no entry about changes.');
  return entry;
}

describe('the thread of an alert', () => {
  it.each<[Change, string]>([
    [promotion, 'Started 4 min after v6 went live in place of v5, approved by Ada (run spam-bbbb'],
    [{ ...promotion, how: 'rolled_back' }, 'went live in place of v5, rolled back by Ada'],
    [{ ...promotion, how: 'by_policy', by: null }, 'in place of v5, approved by policy'],
    [
      { ...promotion, how: 'put_back', by: null },
      '4 min after v6 was put back in place of v5 (run',
    ],
    [dataset, 'Started on new data, 4 min after it arrived: march.csv'],
    [dataset, 'spam 13 % → 40 %.'],
    [traffic, 'Started 4 min after more requests came: 40 a minute, 12 before'],
  ])('says what came before it and when: %j', (change, expected) => {
    expect(plainText(entryOf({ change, seconds: 240, goodLooks: 0 }))).toContain(expected);
  });

  it('says what speaks against the change', () => {
    const entry = entryOf({ change: promotion, seconds: 720, goodLooks: 2 });

    expect(plainText(entry)).toContain('; 2 looks in between were within the limit');
  });

  it('says that nothing is recorded, rather than nothing', () => {
    expect(plainText(entryOf())).toContain('No change is recorded in the 24 hours before');
  });

  it('keeps Slack’s limits, whatever a file and a person are called', () => {
    for (const name of nastyNames) {
      const entry = entryOf(
        { change: { ...dataset, fileName: name }, seconds: 0, goodLooks: 0 },
        { change: { ...promotion, by: { ...ada, name } }, seconds: 60, goodLooks: 1 },
      );

      expect(messageProblems(entry)).toEqual([]);
    }
  });

  it('says nothing of an alert from before changes were kept', () => {
    const keys = alertThread(anAlert(), facts, { operators: [] }).map(({ key }) => key);

    expect(keys).toEqual(['opened', 'chart']);
  });
});

describe('why', () => {
  let bot: AlertHarness;

  beforeEach(async () => {
    bot = await createAlertHarness();
    const deployment = aDeployment({ from: 5, to: 6, verifiedAt: '2026-11-20T09:30:00.000Z' });
    const run = aRun({ id: 'spam-20261120-bbbbbbbb', kind: 'promote', version: 6, deployment });
    bot.pipeline.put(run);
    await bot.pipeline.happenTo('spam', 'latency', {
      type: 'observed',
      observation: anObservation({ at: '2026-11-20T09:34:00.000Z', value: 900, baseline: null }),
      needed: 1,
      rollbackTo: 5,
      runs: [run],
    });
    await bot.look(true);
  });

  afterEach(async () => {
    const problems = [...bot.slack.problems];
    await bot.close();
    expect(problems).toEqual([]);
  });

  it('answers of the alert that is named alone', async () => {
    const told = await bot.command('U0KIT', 'why spam-latency-1');

    expect(told).toContain('spam v6 responds too slowly');
    expect(told).toContain('Started 4 min after v6 went live in place of v5');
    expect(told).not.toContain('scores lower');
  });

  it('answers of the alert in whose thread it is asked', async () => {
    const root = bot.alerts().find(({ text }) => text.includes('responds too slowly'));

    const mention = { type: 'app_mention', user: 'U0KIT', channel: 'C0MLOPS', ts: '9.9' };
    await bot.event({ ...mention, thread_ts: root?.ts, text: '<@U0MLOPS> why?' });

    const told = plainText(bot.slack.messages.at(-1) as never);
    expect(told).toContain('Started 4 min after v6 went live');
    expect(told).not.toContain('scores lower');
  });

  it('answers of a run which alert started after it', async () => {
    expect(await bot.command('U0KIT', 'why spam-20261120-bbbbbbbb')).toContain(
      'spam v6 responds too slowly, started 4 min after v6 went live (alert spam-latency-1)',
    );
  });
});
