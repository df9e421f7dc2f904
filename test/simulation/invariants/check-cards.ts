import { createSqliteAnnouncementStore } from '../../../bot/adapters/local/sqlite-announcement-store.ts';
import { unlimitedRates } from '../../../bot/announcer/slack-pace.ts';
import { createBot } from '../../../bot/create-bot.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { openDatabase } from '../../../pipeline/local/database.ts';
import { signingSecret } from '../../bot/bot-harness.ts';
import type { SlackMessage } from '../../bot/fake-slack-types.ts';
import { createFakeWorkspace } from '../../bot/fake-workspace.ts';
import type { Process } from '../engine/process.ts';
import { API_URL, type SimulatedSlack } from '../services/sim-slack.ts';
import type { Report } from './violation.ts';

/** Compares what stands in Slack with what the same records look like in an empty workspace. */
export async function checkCards(world: {
  readonly process: Process;
  readonly slack: SimulatedSlack;
  readonly runs: readonly Run[];
  readonly report: Report;
}): Promise<void> {
  const { process, slack, runs, report } = world;
  for (const problem of slack.problems) report('limits', problem);
  const fresh = await announceAnew(process, runs);
  for (const run of runs) {
    const [card, ...others] = cardsOf(slack.messages, run.id);
    const [wanted] = cardsOf(fresh.messages, run.id);
    if (card === undefined || wanted === undefined) {
      report('cards', `${run.id} has no card.`);
      continue;
    }
    if (others.length > 0) report('cards', `${run.id} has ${others.length + 1} cards.`);
    if (card.text !== wanted.text) {
      report('cards', `The card of ${run.id} says “${card.text}” instead of “${wanted.text}”.`);
    }
    const entries = keysOf(slack.threadOf(card.ts));
    const wantedEntries = keysOf(fresh.threadOf(wanted.ts));
    if (entries.join() !== wantedEntries.join()) {
      report('cards', `The thread of ${run.id} has ${entries} instead of ${wantedEntries}.`);
    }
  }
}

async function announceAnew(process: Process, runs: readonly Run[]) {
  const workspace = createFakeWorkspace();
  const before = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    const fields = Object.fromEntries(new URLSearchParams(String(init?.body ?? '')));
    const answer = workspace.call(String(url).slice(API_URL.length), fields);
    return new Response(JSON.stringify(answer), {
      headers: { 'content-type': 'application/json' },
    });
  };
  try {
    // Long after its end a run gets no card any more.
    let now = new Date(0);
    const { announcer } = createBot({
      config: process.deps.config,
      pipeline: process.pipeline,
      slack: { botToken: 'xoxb-anew', signingSecret, botUserId: 'U0MLOPS', apiUrl: API_URL },
      announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
      clock: { now: () => now },
      rates: unlimitedRates,
      log: () => {},
    });
    // In order, as nothing waits for a clock that goes backwards: no timer fires any more.
    const inOrder = [...runs].sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
    for (const { id, updatedAt } of inOrder) {
      now = new Date(updatedAt);
      await announcer.announce(id);
    }
  } finally {
    globalThis.fetch = before;
  }
  return workspace;
}

function cardsOf(messages: readonly SlackMessage[], runId: string): readonly SlackMessage[] {
  return messages.filter(
    ({ metadata, threadTs }) =>
      threadTs === null &&
      metadata?.event_type === 'mlops_run' &&
      Object.values(metadata.event_payload).includes(runId),
  );
}

const keysOf = (messages: readonly SlackMessage[]): readonly string[] =>
  messages.map(({ metadata }) => String(metadata?.event_payload.key)).sort();
