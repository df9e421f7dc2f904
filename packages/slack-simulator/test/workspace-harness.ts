/** A real Bolt app behind a real workspace, both on ephemeral ports, for the workspace's own tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { onTestFinished } from 'vitest';
import { createWorkspaceClient } from '../src/client.ts';
import { createWorkspace } from '../src/create-workspace.ts';
import type {
  Manifest,
  WorkspaceIdentity,
  WorkspaceMessage,
  WorkspaceOptions,
} from '../src/types.ts';

export const ADA = 'U0ADA';
export const GRACE = 'U0GRACE';
export const KIT = 'U0KIT';
export const CHANNEL = 'C0MLOPS';
export const BOT_TOKEN = 'xoxb-test';
export const SIGNING_SECRET = 'a-signing-secret';

export const MANIFEST: Manifest = {
  display_information: { name: 'mlops', description: 'Trains, checks and serves models.' },
  features: {
    bot_user: { display_name: 'mlops' },
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    slash_commands: [
      {
        command: '/mlops',
        description: 'Retrain, promote, roll back, ask',
        usage_hint: 'status | retrain <model> | promote <model> <version> | rollback <model>',
        should_escape: false,
      },
    ],
    shortcuts: [
      { name: 'Explain this', type: 'message', callback_id: 'explain', description: 'Explains it' },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'channels:history',
        'chat:write',
        'commands',
        'files:write',
        'im:history',
        'reactions:write',
        'usergroups:read',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened', 'app_mention', 'message.im'] },
  },
};

/** The ids that the fixture of an older version was written with. */
export const IDENTITY: WorkspaceIdentity = {
  team: { id: 'T0LOCAL', name: 'Acme ML', domain: 'acme-ml' },
  appId: 'A0MLOPS',
  botId: 'B0MLOPS',
  botUserId: 'U0MLOPS',
};

export type Harness = Awaited<ReturnType<typeof startHarness>>;

/** Starts app and workspace; `behave` registers the app's listeners. */
export async function startHarness(options: {
  behave: (app: App) => void;
  stateFolder?: string;
  workspace?: Partial<WorkspaceOptions>;
}) {
  const stateFolder = options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'workspace-')));
  let appPort = 0;
  const workspace = await createWorkspace({
    port: 0,
    stateFolder,
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    requestUrl: () => `http://127.0.0.1:${appPort}/slack/events`,
    manifest: MANIFEST,
    identity: IDENTITY,
    people: [
      { id: ADA, name: 'ada', realName: 'Ada Lovelace', title: 'ML engineer' },
      { id: GRACE, name: 'grace', realName: 'Grace Hopper', title: 'Approver' },
      { id: KIT, name: 'kit', realName: 'Kit Moore', title: 'Viewer' },
    ],
    channels: [{ id: CHANNEL, name: 'ml-ops', topic: 'Every model run, one thread each' }],
    usergroups: [{ id: 'S0APPROVE', handle: 'approvers', name: 'Approvers', users: [GRACE] }],
    ...options.workspace,
  });

  const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, logLevel: LogLevel.ERROR });
  const app = new App({
    token: BOT_TOKEN,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.slackApiUrl, retryConfig: { retries: 0 } },
  });
  options.behave(app);
  const server = await receiver.start(0);
  appPort = ((server as { address(): unknown }).address() as AddressInfo).port;
  const client = createWorkspaceClient({ url: workspace.url });

  return {
    workspace,
    app,
    client,
    stateFolder,
    /** The newest message of the channel that satisfies `matches`, as soon as there is one. */
    message(matches: (message: WorkspaceMessage) => boolean, user?: string) {
      return client.waitFor(
        async () => (await client.messages(CHANNEL, user ? { user } : {})).findLast(matches),
        { what: 'a matching message' },
      );
    },
    /** Stops app and workspace; the state stays unless `forget`. */
    async stop({ forget = true }: { forget?: boolean } = {}) {
      client.close();
      await receiver.stop();
      await workspace.close();
      if (forget) await rm(stateFolder, { recursive: true, force: true });
    },
  };
}

/** The same for one test, after which it is stopped. */
export async function startForTest(...options: Parameters<typeof startHarness>): Promise<Harness> {
  const harness = await startHarness(...options);
  onTestFinished(() => harness.stop());
  return harness;
}
