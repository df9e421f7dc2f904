/** A workspace in a process of its own, to be killed: prints its address and stays. */
import { createWorkspace } from '../src/create-workspace.ts';
import { BOT_TOKEN, CHANNEL, MANIFEST, SIGNING_SECRET } from './workspace-harness.ts';

const { url, slackApiUrl } = await createWorkspace({
  port: 0,
  stateFolder: String(process.argv[2]),
  signingSecret: SIGNING_SECRET,
  botToken: BOT_TOKEN,
  requestUrl: 'http://127.0.0.1:9/',
  manifest: MANIFEST,
  people: [{ id: 'U0ADA', name: 'ada', realName: 'Ada Lovelace' }],
  channels: [{ id: CHANNEL, name: 'ml-ops' }],
});
process.stdout.write(`${JSON.stringify({ url, slackApiUrl })}\n`);
