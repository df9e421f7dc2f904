import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createWorkspace } from '@mlops-bot/slack-simulator';
import { createWorkspaceClient } from '@mlops-bot/slack-simulator/client';
import { modelFacts } from '../../bot/blocks/message.ts';
import { card } from '../../bot/features/run/card.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import { manifest } from '../../bot/slack/manifest.ts';
import { channels, identity, people } from '../../bot/workspace-page/team.ts';
import { testConfig } from '../bot/bot-harness.ts';

const CHANNEL = 'C0MLOPS';
const LINES_AT_ONCE = 5_000;

/** The local workspace with the cards and threads of so many runs in its channel. */
export async function openWorkspaceWith(options: {
  readonly folder: string;
  readonly runs: number;
}) {
  writeJournal(options.folder, options.runs);
  const begin = performance.now();
  const workspace = await createWorkspace({
    port: 0,
    stateFolder: options.folder,
    signingSecret: 'a-signing-secret',
    botToken: 'xoxb-test',
    requestUrl: 'http://127.0.0.1:9/',
    manifest,
    people,
    channels,
    identity,
  });
  const startMilliseconds = performance.now() - begin;
  const client = createWorkspaceClient({ url: workspace.url });
  return {
    startMilliseconds,
    client,
    /** What the page asks for when it is opened; the number of messages it then shows. */
    async openPage(): Promise<number> {
      const user = 'U0ADA';
      await client.workspace();
      const [shown] = await Promise.all([
        client.messages(CHANNEL, { user, limit: 50 }),
        client.home(user),
        client.views(user),
      ]);
      return shown.length;
    },
    async close() {
      client.close();
      await workspace.close();
    },
  };
}

/** As the simulator writes it itself, only faster than by its Web API. */
function writeJournal(folder: string, runs: number): void {
  const run = sampleRuns().deployed;
  if (run === undefined) throw new Error('There is no sample run “deployed”.');
  const facts = modelFacts(testConfig, run.model);
  const messages = [card(run, facts), ...thread(run, facts)];
  const file = join(folder, 'workspace.ndjson');
  mkdirSync(folder, { recursive: true });
  let id = 0;
  let lines: string[] = [];
  writeFileSync(file, '');
  for (let count = 0; count < runs; count += 1) {
    const root = tsOf(id + 1);
    for (const { text, blocks } of messages) {
      id += 1;
      const ts = tsOf(id);
      const place = ts === root ? {} : { thread_ts: root };
      const fields = {
        id,
        type: 'message',
        ts,
        channel_id: CHANNEL,
        user: 'U0MLOPS',
        text,
        blocks,
      };
      const row = { ...fields, ...place, reply_count: 0, reply_users: [], reactions: [] };
      lines.push(`${JSON.stringify({ c: 'slack.messages', r: row })}\n`);
    }
    if (lines.length < LINES_AT_ONCE && count < runs - 1) continue;
    writeFileSync(file, lines.join(''), { flag: 'a' });
    lines = [];
  }
}

const tsOf = (id: number) => `${1_790_000_000 + id * 60}.000100`;
