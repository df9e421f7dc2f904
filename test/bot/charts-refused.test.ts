import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import type { Announcement, AnnouncementStore } from '../../bot/announcer/announcement-store.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';
import { announcingOf } from './announcing.ts';
import { type BotHarness, createBotHarness } from './bot-harness.ts';
import { refusingBlocks } from './failing-slack.ts';
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

const { tell, rootText, keys } = announcingOf(() => bot);

const CHART = 'data_visualization';
const evaluation = (slack = bot.slack) =>
  slack.messages.filter(({ metadata }) => metadata?.event_payload.key === 'evaluation').at(-1);
const kinds = () => evaluation()?.blocks.map(({ type }) => type);
const refusals = () => bot.logged.filter((line) => line.includes('refuses charts'));

describe('a workspace that refuses charts', () => {
  it('gets the same message with its table and without the chart', async () => {
    bot.slack.setMood(refusingBlocks(CHART));

    await tell('deployed');

    expect(kinds()).toEqual(['rich_text', 'table']);
    expect(plainText(evaluation() as never)).toContain('90 % interval');
    expect(keys()).toHaveLength(9);
    expect(rootText()).toContain('✅ spam v7 is live');
  });

  it('is asked once an hour, and said to be one once', async () => {
    const asked = () =>
      bot.slack.calls.filter(({ method }) => method === 'chat.postMessage').length;
    bot.slack.setMood(refusingBlocks(CHART));
    await tell('deployed');
    const first = asked();

    bot.pipeline.put({ ...sample('deployed'), id: 'spam-second' });
    bot.announcer.onEvent('spam-second');
    await bot.announcer.idle();
    const second = asked() - first;
    bot.clock.advance(3_601);
    bot.pipeline.put({ ...sample('deployed'), id: 'spam-third' });
    bot.announcer.onEvent('spam-third');
    await bot.announcer.idle();
    const third = asked() - first - second;

    expect([first, second, third]).toEqual([11, 10, 11]);
    expect(refusals()).toHaveLength(1);
    expect(refusals()[0]).toContain('invalid_blocks');
  });

  it('gets charts as soon as it takes them, and is said to refuse them when it does again', async () => {
    bot.slack.setMood(refusingBlocks(CHART));
    await tell('deployed');
    bot.slack.setMood(null);
    bot.clock.advance(3_601);

    bot.pipeline.put({ ...sample('judged'), id: 'spam-second' });
    bot.announcer.onEvent('spam-second');
    await bot.announcer.idle();
    const taken = kinds();
    bot.slack.setMood(refusingBlocks(CHART));
    bot.pipeline.put({ ...sample('judged'), id: 'spam-third' });
    bot.announcer.onEvent('spam-third');
    await bot.announcer.idle();

    expect(taken).toEqual(['rich_text', CHART, 'table']);
    expect(kinds()).toEqual(['rich_text', 'table']);
    expect(refusals()).toHaveLength(2);
  });

  it('is not to blame when the message is refused without its chart too', async () => {
    bot.slack.setMood(({ method, fields }) =>
      method === 'chat.postMessage' && fields.blocks?.includes('"table"')
        ? { kind: 'error', error: 'invalid_blocks' }
        : undefined,
    );

    await tell('judged');

    expect(kinds()).toEqual(['rich_text']);
    expect(refusals()).toEqual([]);
  });
});

describe('a message that is edited', () => {
  let alert: AlertHarness;

  beforeEach(async () => {
    alert = await createAlertHarness();
  });

  afterEach(async () => {
    const problems = [...alert.slack.problems];
    await alert.close();
    expect(problems).toEqual([]);
  });

  const chartEntry = () =>
    alert.slack.messages.find(({ metadata }) => metadata?.event_payload.key === 'chart');
  const points = () => JSON.stringify(chartEntry()?.blocks).match(/"label":"[\d:]+"/g)?.length;

  it('follows the figure with every look', async () => {
    await alert.look(true);
    const before = points() ?? 0;

    await alert.look(true);

    expect(points()).toBeGreaterThan(before);
    expect(alert.entries()).toEqual(['opened', 'chart']);
  });

  it('loses its chart when Slack refuses it, and has it again when Slack takes it', async () => {
    await alert.look(true);
    alert.slack.setMood(refusingBlocks(CHART));
    await alert.look(true);
    const refused = plainText(chartEntry() as never);

    alert.slack.setMood(null);
    alert.clock.advance(3_600);
    await alert.look(true);

    expect(refused).toContain(
      'Macro-F1 of the last 2 observations: 0.861, 0.861; expected at least 0.908',
    );
    expect(chartEntry()?.blocks.map(({ type }) => type)).toEqual([CHART]);
  });
});

describe('a thread with its chart as a file, which version 0.1 uploaded', () => {
  const uploaded = { ts: 'F0CHART', digest: 'uploaded' };

  it.each(['uploaded', 'left out'])(
    'gets no second chart under an evaluation (%s)',
    async (digest) => {
      const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
      const older = await createBotHarness({ announcements });
      older.slack.setMood(refusingBlocks(CHART));
      const run = sample('judged');
      older.pipeline.put(run);
      older.announcer.onEvent(run.id);
      await older.announcer.idle();
      await rewrite(announcements, run.id, (entries) => ({
        ...entries,
        evaluation: { ts: entries.evaluation?.ts ?? '', digest: 'in other words' },
        'verdict:chart': { ...uploaded, digest },
      }));
      older.slack.setMood(null);
      const posted = older.slack.messages.length;
      const newer = await createBotHarness({ announcements, beside: older });

      newer.announcer.onEvent(run.id);
      await newer.announcer.idle();

      expect(older.slack.messages).toHaveLength(posted);
      expect(evaluation(older.slack)?.edits).toBe(1);
      expect(JSON.stringify(older.slack.messages)).not.toContain(CHART);
      await older.close();
    },
  );

  it('gets no second chart in an alert, whatever comes', async () => {
    const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
    const alert = await createAlertHarness({ announcements });
    const { id } = await alert.look(true);
    await rewrite(announcements, `incident:${id}`, ({ chart: _chart, ...entries }) => ({
      ...entries,
      'opened:chart': uploaded,
    }));
    alert.slack.remove(
      alert.slack.messages.find(({ metadata }) => metadata?.event_payload.key === 'chart')?.ts ??
        '',
    );

    await alert.look(true);
    await alert.look(false);

    expect(alert.entries()).toEqual(['opened', 'ended']);
    await alert.close();
  });
});

async function rewrite(
  store: AnnouncementStore,
  id: string,
  change: (entries: Announcement['entries']) => Announcement['entries'],
): Promise<void> {
  const stored = await store.get(id);
  if (stored === null) throw new Error(`Nothing was announced of ${id}.`);
  const { announcement, revision } = stored;
  await store.put(id, { ...announcement, entries: change(announcement.entries) }, revision);
}
