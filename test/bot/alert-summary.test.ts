import { messageProblems } from '@mlops-bot/slack-simulator/limits';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { alertThread } from '../../bot/features/alerts/alert-thread.ts';
import { nastyNames } from '../../bot/gallery/sample-parts.ts';
import type { Alert } from '../../pipeline/core/alert/alert.ts';
import type { AlertChange } from '../../pipeline/core/alert/apply-alert-change.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { anAlert, anObservation } from '../fakes/alert-samples.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';
import { type AlertHarness, createAlertHarness } from './alert-harness.ts';
import { createBotHarness } from './bot-harness.ts';

const facts = { title: 'Spam filter', metric: 'macro_f1' } as const;
const ada = { kind: 'person', id: 'U0ADA', name: 'Ada' } as const;
const grace = { kind: 'person', id: 'U0GRACE', name: 'Grace' } as const;

let bot: AlertHarness;

beforeEach(async () => {
  bot = await createAlertHarness({
    announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
  });
});

afterEach(async () => {
  const problems = [...bot.slack.problems];
  await bot.close();
  expect(problems).toEqual([]);
});

const at = () => bot.clock.now().toISOString();
const summaries = () =>
  bot.slack.messages.filter(({ metadata }) => metadata?.event_payload.key === 'ended');
const summary = () => plainText(summaries()[0] as never);

async function happen(change: AlertChange): Promise<void> {
  await bot.pipeline.happenTo('spam', 'metric', change);
  await bot.announcer.idle();
}

/** The alert opened at 09:41, and half an hour went by. */
async function opened(): Promise<string> {
  const { id } = await bot.look(true);
  bot.clock.advance(1_800);
  return id;
}

describe('the summary at the end of an alert', () => {
  it('says how long it was open, the worst and the last figure, and what was live', async () => {
    const id = await opened();
    await bot.pressed('U0ADA', actionIds.acknowledge, id);
    const observation = anObservation({ at: at(), value: 0.94, isBreach: false });

    await happen({ type: 'observed', observation, needed: 1, rollbackTo: 5, runs: [] });

    expect(summary()).toContain('✅ spam v6 has recovered: its score is back within the limit');
    expect(summary()).toContain('Open for 30 min, from 2026-11-20 09:41 UTC to 2026-11-20 10:11');
    expect(summary()).toContain(
      'Macro-F1: 0.861 at worst, 0.940 when last measured; expected at least 0.908.',
    );
    expect(summary()).toContain('v6 was live before and after.');
    expect(summary()).toContain('Ada acknowledged it 2026-11-20 10:11 UTC, 30 min after it opened');
  });

  it('says who rolled back, why, and what is live instead', async () => {
    await opened();
    const deployment = aDeployment({ from: 6, to: 5, verifiedAt: at() });
    const rollback = aRun({ kind: 'rollback', requestedBy: grace, reason: 'phishing', deployment });

    await happen({ type: 'replaced', version: 5, at: at(), runs: [rollback] });

    expect(summary()).toContain('Live before: v6. Live after: v5.');
    expect(summary()).toContain('Grace rolled back to v5, live 2026-11-20 10:11 UTC: phishing');
  });

  it('says who retired the model', async () => {
    await opened();
    const run = aRun({ kind: 'retire', requestedBy: ada, reason: 'no longer used' });

    await happen({ type: 'retired', at: at(), runs: [run] });

    expect(summary()).toContain('Live before: v6. Live after: nothing.');
    expect(summary()).toContain('Ada retired the model 2026-11-20 10:11 UTC: no longer used');
  });

  it('says when no one did anything, and nothing where that is not known', async () => {
    await opened();
    await happen({ type: 'replaced', version: 7, at: at(), runs: [] });
    expect(summary()).toContain('No one acknowledged it, and nothing was deployed.');

    const { ended } = (await bot.pipeline.listAlerts({}))[0] ?? {};
    const { actions: _, ...before } = ended ?? { at: at(), silently: false, replacedBy: 7 };
    const old = anAlert({ status: 'replaced', ended: before });
    const entries = alertThread(old, facts, { operators: [] });
    expect(plainText(entries.at(-1) as never)).not.toContain('No one');
  });

  it('is posted once, also by a process that starts anew', async () => {
    const announcements = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
    const { slack, pipeline, clock } = bot;
    const first = await createBotHarness({ beside: { slack, pipeline, clock }, announcements });
    await pipeline.happenTo('spam', 'latency', {
      type: 'observed',
      observation: anObservation({ at: at(), baseline: null }),
      needed: 1,
      rollbackTo: null,
    });
    pipeline.onAlertChange(() => {});
    await pipeline.happenTo('spam', 'latency', { type: 'retired', at: at(), runs: [] });
    await first.announcer.catchUp();
    await first.announcer.idle();
    await first.close();

    const second = await createBotHarness({ beside: { slack, pipeline, clock }, announcements });
    await second.announcer.catchUp();
    await second.announcer.idle();
    await second.close();

    const own = summaries().filter(
      ({ metadata }) => metadata?.event_payload.incident_id === 'spam-latency-1',
    );
    expect(own.map(({ edits }) => edits)).toEqual([0]);
  });

  it('keeps Slack’s limits, whatever people are called and write', () => {
    for (const name of nastyNames) {
      const by = { ...ada, name };
      const action = {
        kind: 'retirement',
        at: '2026-11-20T10:00:00.000Z',
        runId: 'spam-1',
        by,
        reason: name.repeat(9),
      } as const;
      const ended: Alert['ended'] = {
        at: '2026-11-20T10:00:00.000Z',
        silently: false,
        replacedBy: null,
        actions: [action, action],
      };
      const alert = anAlert({
        status: 'retired',
        ended,
        acknowledged: { by, at: '2026-11-20T10:00:00.000Z' },
      });
      for (const entry of alertThread(alert, facts, { operators: [] }))
        expect(messageProblems(entry)).toEqual([]);
    }
  });
});
