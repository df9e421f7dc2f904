/** The simulator as a command: a workspace in front of an app that runs elsewhere on this machine. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { SENT_EVENTS } from './app-events.ts';
import { createWorkspace, type Workspace } from './create-workspace.ts';
import type { Manifest, Person, WorkspaceChannel } from './types.ts';

export const USAGE = `slack-simulator --request-url <url> --signing-secret <secret> [options]

  --request-url <url>        where the app takes requests, such as http://127.0.0.1:3000/slack/events
  --signing-secret <secret>  the app's SLACK_SIGNING_SECRET
  --bot-token <token>        the app's SLACK_BOT_TOKEN (xoxb-local)
  --manifest <file>          the app's manifest as JSON: commands, shortcuts, scopes, events
  --port <port>              of the page; 0 takes any free one (8080)
  --state <folder>           messages and ids are kept here (.slack-simulator)
  --refuse-block <type>      answer invalid_blocks to this block type; may be repeated
`;

/** Taken when no manifest is given: every scope and event, no commands. */
const MANIFEST: Manifest = {
  display_information: { name: 'app' },
  features: { app_home: { home_tab_enabled: true, messages_tab_enabled: true } },
  settings: { event_subscriptions: { bot_events: SENT_EVENTS } },
};

const PEOPLE: readonly Person[] = [
  { id: 'U0ADA', name: 'ada', realName: 'Ada Okafor' },
  { id: 'U0GRACE', name: 'grace', realName: 'Grace Lindqvist' },
];

const CHANNELS: readonly WorkspaceChannel[] = [
  { id: 'C0GENERAL', name: 'general', topic: 'Everything' },
];

/** Starts the workspace that the arguments describe; throws an Error that says which one is missing. */
export async function runSimulator(
  args: readonly string[],
  log: (line: string) => void,
): Promise<Workspace> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'request-url': { type: 'string' },
      'signing-secret': { type: 'string' },
      'bot-token': { type: 'string', default: 'xoxb-local' },
      manifest: { type: 'string' },
      port: { type: 'string', default: '8080' },
      state: { type: 'string', default: '.slack-simulator' },
      'refuse-block': { type: 'string', multiple: true, default: [] },
    },
  });
  const manifest = values.manifest ? JSON.parse(await readFile(values.manifest, 'utf8')) : MANIFEST;
  return createWorkspace({
    port: Number(values.port),
    stateFolder: values.state,
    requestUrl: given(values, 'request-url'),
    signingSecret: given(values, 'signing-secret'),
    botToken: values['bot-token'],
    manifest,
    people: PEOPLE,
    channels: CHANNELS,
    refusedBlockTypes: values['refuse-block'],
    log,
  });
}

function given(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name];
  if (typeof value !== 'string') throw new Error(`--${name} is missing.`);
  return value;
}
