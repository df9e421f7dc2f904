import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { loadManifest } from '../../bot/slack/manifest.ts';
import { secretNames } from '../names.ts';
import { type Account, missingSecrets } from './account.ts';

/** Opens Slack's form for a new app, filled in. */
export function newAppLink(requestUrl: string): string {
  const manifest = encodeURIComponent(JSON.stringify(loadManifest(requestUrl)));
  return `https://api.slack.com/apps?new_app=1&manifest_json=${manifest}`;
}

const whereItIs = {
  signingSecret: 'Signing secret (Basic Information → App Credentials)',
  botToken: 'Bot token (OAuth & Permissions, starts with xoxb-)',
} as const;

/** Asks for the secrets that are not stored yet, and stores them; an empty answer leaves one out. */
export async function storeSecrets(options: {
  readonly account: Account;
  readonly stage: string;
  /** Asks without showing what is typed. */
  readonly ask: (question: string) => Promise<string>;
  readonly say: (line: string) => void;
}): Promise<void> {
  const { account, stage, ask, say } = options;
  const names = secretNames(stage);
  for (const secret of await missingSecrets(account, stage)) {
    const value = (await ask(`${whereItIs[secret]}: `)).trim();
    if (value === '') {
      say(`  Not stored: ${names[secret]}. npm run deploy asks again.`);
      continue;
    }
    await account.storeSecret(names[secret], value);
    say(`✓ Stored as ${names[secret]}`);
  }
}

/** Asks on the terminal, without an echo. */
export async function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stdout.write(question);
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stdout.write('\n');
  }
}
