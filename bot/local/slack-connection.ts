import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createWorkspace } from '@mlops-bot/slack-simulator';
import { connectBot, type SlackIdentity } from '../adapters/local/real-slack.ts';
import { createRequestServer } from '../adapters/local/request-server.ts';
import type { SlackTokens } from '../adapters/local/slack-tokens.ts';
import type { AnnouncementStore } from '../announcer/announcement-store.ts';
import type { Announcer } from '../announcer/announcer.ts';
import { unlimitedRates } from '../announcer/slack-pace.ts';
import { type BotOptions, createBot } from '../create-bot.ts';
import type { Bot } from '../interaction/bot.ts';
import { manifest } from '../slack/manifest.ts';
import type { PipelineControls } from '../workspace-page/pipeline-controls.ts';
import { createPipelinePlugin } from '../workspace-page/pipeline-plugin.ts';
import { channels, identity, people } from '../workspace-page/team.ts';

/** Where people meet the bot: the workspace page, or a real workspace. */
export interface SlackConnection {
  readonly url: string;
  readonly announcer: Announcer;
  readonly bot: Bot;
  close(): Promise<void>;
}

type BotParts = Omit<BotOptions, 'slack' | 'claimSeconds' | 'rates'>;

/** The workspace page with the bot behind really signed requests. */
export async function openWorkspacePage(options: {
  readonly bot: BotParts;
  readonly port: number;
  readonly dataFolder: string;
  readonly controls: PipelineControls;
}): Promise<SlackConnection> {
  const { log } = options.bot;
  const secrets = { signingSecret: randomBytes(24).toString('hex'), botToken: 'xoxb-local' };
  let requestUrl = '';
  const workspace = await createWorkspace({
    ...secrets,
    port: options.port,
    stateFolder: join(options.dataFolder, 'workspace'),
    requestUrl: () => requestUrl,
    manifest,
    people,
    channels,
    identity,
    plugins: [createPipelinePlugin(options.controls)],
    now: () => options.bot.clock.now().getTime(),
    log,
  });
  const bot = createBot({
    ...options.bot,
    slack: { ...secrets, apiUrl: workspace.slackApiUrl },
    rates: unlimitedRates,
    claimSeconds: 0,
  });
  const requests = await createRequestServer({ handler: bot.handler, log });
  requestUrl = requests.url;
  return {
    url: workspace.url,
    announcer: bot.announcer,
    bot: bot.bot,
    async close() {
      await bot.announcer.close();
      await requests.close();
      await workspace.close();
    },
  };
}

/** A real workspace by Socket Mode: no page, no public address. */
export async function openRealSlack(options: {
  readonly bot: BotParts;
  readonly tokens: SlackTokens;
  readonly identity: SlackIdentity;
}): Promise<SlackConnection> {
  const { tokens, identity } = options;
  const bot = createBot({
    ...options.bot,
    slack: { ...tokens, signingSecret: null, botUserId: identity.botUserId },
    isRemote: true,
    // This workspace has none of the messages that were posted to the local page.
    announcements: inWorkspace(identity.url, options.bot.announcements),
    claimSeconds: 0,
  });
  const socket = await connectBot({ tokens, attach: bot.attach, log: options.bot.log });
  return {
    url: identity.url,
    announcer: bot.announcer,
    bot: bot.bot,
    async close() {
      await socket.close();
      await bot.announcer.close();
    },
  };
}

function inWorkspace(url: string, store: AnnouncementStore): AnnouncementStore {
  const key = (id: string) => `${url} ${id}`;
  return {
    get: (id) => store.get(key(id)),
    put: (id, announcement, expectedRevision) => store.put(key(id), announcement, expectedRevision),
  };
}
