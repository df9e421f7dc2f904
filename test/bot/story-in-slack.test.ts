import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { expect, it, onTestFinished } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { unlimitedRates } from '../../bot/announcer/slack-pace.ts';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { createBot } from '../../bot/create-bot.ts';
import { openSocketConnection } from '../../bot/slack/socket-connection.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFlowWorld } from '../flow/world.ts';
import { createSocketWorkspace } from './socket-workspace.ts';

const CHANNEL = 'C0MLOPS';
const [ADA, GRACE] = ['U0ADA', 'U0GRACE'];

/** The whole pipeline, and its bot on a Slack-compatible server; people act and see there alone. */
async function openTeam() {
  const world = createFlowWorld();
  const slack = await createSocketWorkspace();
  const bot = createBot({
    config: world.config,
    pipeline: world.pipeline,
    slack: {
      botToken: slack.botToken,
      signingSecret: null,
      botUserId: 'U0MLOPS',
      apiUrl: slack.apiUrl,
    },
    announcements: createSqliteAnnouncementStore({ database: openDatabase(':memory:') }),
    clock: world.clock,
    log: () => {},
    rates: unlimitedRates,
    // Pauses between edits last a hundredth of the time.
    pace: {
      random: () => 0,
      elapsed: () => performance.now() * 100,
      wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds / 100)),
    },
    claimSeconds: 0,
    datasets: {
      async take({ model, fileName, body, by }) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of body) chunks.push(chunk);
        const content = Buffer.concat(chunks).toString();
        const version = content.trim().slice(-5);
        const dataset = {
          key: `datasets/${model}/${version}/${fileName}`,
          fileName,
          version,
          bytes: content.length,
        };
        const { run } = await startFromDataset(world, { dataset, model, requestedBy: by });
        return { message: `Started ${run.id}.` };
      },
    },
  });
  const connection = await openSocketConnection({
    appToken: 'xapp-1',
    apiUrl: slack.apiUrl,
    attach: bot.attach,
    log: () => {},
    pace: { pingMilliseconds: 1_000, retryMilliseconds: 20 },
  });
  onTestFinished(async () => {
    await connection.close();
    await bot.announcer.close();
    await slack.close();
  });
  const { client } = slack;

  /** What can happen happens, and Slack shows it. */
  async function goOn(seconds = 0): Promise<void> {
    await world.settle();
    if (seconds > 0) await world.advance(seconds);
    await bot.announcer.catchUp();
    await bot.announcer.idle();
  }

  /** The newest message in the channel that says this, as this person sees it. */
  async function sees(user: string, said: string): Promise<WorkspaceMessage> {
    return client.waitFor(
      async () => {
        await goOn();
        const messages = await client.messages(CHANNEL, { user });
        return messages.findLast((each) => plainText(each as never).includes(said));
      },
      { what: `“${said}”`, timeoutMs: 20_000 },
    );
  }

  return {
    world,
    client,
    goOn,
    sees,
    /** Drops a file into the channel and chooses the model. */
    async drop(user: string, content: string): Promise<void> {
      await client.share({ user, channel: CHANNEL, name: `${content}.csv`, body: content });
      const question = await sees(user, `Use ${content}.csv`);
      await client.click({ user, on: question, action_id: `${actionIds.useFile}:0` });
      await sees(user, `${content}.csv is a dataset of spam`);
    },
    async click(user: string, on: WorkspaceMessage, action_id: string): Promise<void> {
      await client.click({ user, on, action_id });
      await goOn();
    },
    /** What stands in the thread below a message. */
    async thread(root: WorkspaceMessage): Promise<string> {
      const messages = await client.thread(CHANNEL, root.ts, { user: ADA });
      return messages.map((each) => plainText(each as never)).join('\n');
    },
  };
}

it('the whole story, over Socket Mode: dropped, judged, approved, deployed, alerted of, rolled back', async () => {
  const { world, client, goOn, sees, drop, click, thread } = await openTeam();

  await drop(ADA, 'mails-one');
  const first = await sees(GRACE, 'spam v1 is waiting for approval');
  expect(plainText(first as never)).toContain('[Approve] [Reject…] [Stop]');
  expect(await thread(first)).toContain('Gate: pass');
  await click(GRACE, first, actionIds.approve);
  await sees(ADA, 'spam v1 is live');
  await goOn(3_600);
  expect(await thread(first)).toContain('Approved by Grace Lindqvist');

  world.quality.candidate = 0.97;
  await drop(ADA, 'mails-two');
  const second = await sees(GRACE, 'spam v2 is waiting for approval');
  expect(plainText(second as never)).toContain('against production v1');
  await click(GRACE, second, actionIds.approve);
  await sees(ADA, 'spam v2 is live');
  await goOn(3_600);

  // What comes in from now on is unlike what v2 has learnt.
  Object.assign(world.quality, { candidate: 0.9, production: 0.8, firstRow: 1_000 });
  await drop(ADA, 'mails-late');
  const alert = await sees(GRACE, '🚨 spam v2');
  expect(await thread(alert)).toContain('/mlops retrain spam trains one.');

  await click(GRACE, alert, actionIds.rollBackModel);
  const form = await client.waitFor(async () => (await client.views(GRACE)).at(-1), {
    what: 'the form',
  });
  expect(plainText(form as never)).toContain('v1');
  await client.submitView({ user: GRACE, view: form, inputs: {} });
  await sees(ADA, 'started a rollback to v1');
  await goOn(3_600);

  await client.command({ user: ADA, channel: CHANNEL, text: '/mlops status spam' });
  await sees(ADA, 'v1 in production');
  await client.command({ user: ADA, channel: CHANNEL, text: '/mlops versions spam' });
  await sees(ADA, 'rolled back');
}, 120_000);
