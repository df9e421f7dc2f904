/** Puts the parts of the workspace together once its address is known. */
import { createAppEvents } from './app-events.ts';
import { controlRoutes } from './control-doors.ts';
import { DoorError, type Route } from './http-exchange.ts';
import { createInteractions } from './interactions.ts';
import { createJobsWatch } from './jobs-watch.ts';
import type { JournaledStore } from './journaled-store.ts';
import type { LiveEvents } from './live-events.ts';
import { createModals } from './modals.ts';
import { pageRoutes } from './page-doors.ts';
import { createResponseUrls, type ResponseTarget } from './response-urls.ts';
import { createSignedSender } from './signed-request.ts';
import { slackRoutes } from './slack-doors.ts';
import { createSlackGaps } from './slack-gaps.ts';
import { createSlackService } from './slack-service.ts';
import type { Person, WorkspaceInfo, WorkspaceOptions } from './types.ts';
import type { WorkspaceReader } from './workspace-reader.ts';
import { APP_ID, BOT_USER_ID, seedWorkspace, TEAM } from './workspace-records.ts';

export async function assembleWorkspace(
  options: WorkspaceOptions & {
    url: string;
    store: JournaledStore;
    reader: WorkspaceReader;
    live: LiveEvents;
    log: (line: string) => void;
  },
): Promise<{ routes: readonly Route[]; close(): Promise<void> }> {
  const { url, store, reader, live, log, manifest, people, channels, botToken } = options;
  const usergroups = options.usergroups ?? [];
  const controls = options.controls ?? {};
  const { requestUrl } = options;
  const identities = seedWorkspace({ store, manifest, people, channels, botToken });
  const slack = await createSlackService({ store, baseUrl: `${url}/slack` });
  const call = (method: string, body: Record<string, unknown>) =>
    slack.call(botToken, method, body);

  const responseUrls = createResponseUrls({
    baseUrl: `${url}/slack`,
    store,
    call,
    now: Date.now,
  });
  const send = createSignedSender({
    requestUrl: typeof requestUrl === 'function' ? requestUrl : () => requestUrl,
    signingSecret: options.signingSecret,
    log,
  });
  const person = (id: string): Person => {
    const found = people.find((each) => each.id === id);
    if (!found) throw new DoorError(404, `Nobody in this workspace has the id "${id}".`);
    return found;
  };
  const tell = createTeller(store);
  const events = createAppEvents({ manifest, reader, send });
  const jobs = createJobsWatch({ controls, live, log });
  const interactions = createInteractions({
    store,
    reader,
    send,
    responseUrls,
    person,
    tell,
    manifest,
  });

  return {
    routes: [
      ...slackRoutes({
        slack,
        gaps: createSlackGaps({ usergroups, reader }),
        responseUrls,
        channels,
        origin: url,
      }),
      ...pageRoutes({
        info: () => describeWorkspace(options, identities.directMessage),
        directory: { appName: appName(options), people, channels, usergroups },
        commands: manifest.features?.slash_commands ?? [],
        store,
        reader,
        live,
        interactions,
        modals: createModals({ store, send, person, call }),
        events,
        identities,
        person,
        callAs: (userId, method, body) => slack.call(identities.personToken(userId), method, body),
      }),
      ...controlRoutes({ controls, jobs, person }),
    ],
    async close() {
      events.close();
      jobs.close();
      await slack.close();
    },
  };
}

/** Shows a line of the workspace itself to one person, as Slackbot does. */
function createTeller(store: JournaledStore): (target: ResponseTarget, text: string) => void {
  return (target, text) => {
    const micros = String(Math.floor(Math.random() * 1e6)).padStart(6, '0');
    store.collection('slack.ephemeral_messages').insert({
      ts: `${Math.floor(Date.now() / 1000)}.${micros}`,
      channel_id: target.channel,
      user: 'USLACKBOT',
      target_user: target.userId,
      text,
      type: 'message',
      ...(target.threadTs ? { thread_ts: target.threadTs } : {}),
    });
  };
}

function describeWorkspace(
  options: WorkspaceOptions,
  directMessage: (userId: string) => string,
): WorkspaceInfo {
  const { manifest, people, channels } = options;
  const { features, display_information: display } = manifest;
  return {
    team: { id: TEAM.id, name: TEAM.name },
    people,
    channels,
    usergroups: options.usergroups ?? [],
    directMessages: Object.fromEntries(people.map(({ id }) => [id, directMessage(id)])),
    app: {
      id: APP_ID,
      name: appName(options),
      description: display.description ?? '',
      color: display.background_color ?? '#3b2f63',
      botUserId: BOT_USER_ID,
      hasHome: features?.app_home?.home_tab_enabled ?? false,
      hasMessages: features?.app_home?.messages_tab_enabled ?? true,
    },
    commands: features?.slash_commands ?? [],
    shortcuts: features?.shortcuts ?? [],
    models: options.controls?.models?.() ?? [],
  };
}

function appName({ manifest }: WorkspaceOptions): string {
  return manifest.features?.bot_user?.display_name ?? manifest.display_information.name;
}
