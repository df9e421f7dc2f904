import { describe, expect, it } from 'vitest';
import { ADA, CHANNEL, GRACE, KIT, startForTest } from './workspace-harness.ts';

const nothing = (): void => {};

describe('a slash command', () => {
  it('reaches the app with a valid signature and shows the answer to its author only', async () => {
    const { client } = await startForTest({
      behave: (app) =>
        app.command('/mlops', async ({ command, ack }) => ack(`You said ${command.text}`)),
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops status' });

    expect(delivery).toEqual({ ok: true });
    const forAda = await client.messages(CHANNEL, { user: ADA });
    expect(forAda.map((message) => message.text)).toEqual(['You said status']);
    expect(await client.messages(CHANNEL, { user: KIT })).toEqual([]);
    expect(await client.messages(CHANNEL)).toEqual([]);
  });

  it('fails as in Slack when the signing secret differs', async () => {
    const { client, message } = await startForTest({
      behave: (app) => app.command('/mlops', async ({ ack }) => ack()),
      workspace: { signingSecret: 'another-secret' },
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(delivery).toEqual({ ok: false, error: 'dispatch_failed' });
    const notice = await message(({ user }) => user === 'USLACKBOT', ADA);
    expect(notice.text).toContain('dispatch_failed');
  });

  it('is signed with the time of the clock that the workspace was given', async () => {
    const tenMinutesAgo = () => Date.now() - 600_000;
    const { client } = await startForTest({
      behave: (app) => app.command('/mlops', async ({ ack }) => ack()),
      workspace: { now: tenMinutesAgo },
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(delivery).toEqual({ ok: false, error: 'dispatch_failed' });
  });

  it('times out after three seconds without acknowledgement', async () => {
    const { client } = await startForTest({
      behave: (app) => app.command('/mlops', () => new Promise<void>(nothing)),
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(delivery).toEqual({ ok: false, error: 'operation_timeout' });
  });

  it('is refused when no app has it', async () => {
    const { client } = await startForTest({ behave: nothing });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/nope' });

    expect(delivery).toEqual({ ok: false, error: 'unknown_command' });
  });
});

const CARD = [
  { type: 'section', text: { type: 'mrkdwn', text: 'Version 3 waits for approval' } },
  {
    type: 'actions',
    block_id: 'decision',
    elements: [
      {
        type: 'button',
        action_id: 'approve',
        value: 'run-1',
        text: { type: 'plain_text', text: 'Approve' },
      },
    ],
  },
];

describe('a button', () => {
  it('updates its message, keeps metadata and names who clicked', async () => {
    const { app, client, message } = await startForTest({
      behave: (bolt) =>
        bolt.action('approve', async ({ ack, body, client: slack, action }) => {
          await ack();
          const { value } = action as { value: string };
          const { ts } = (body as { message: { ts: string } }).message;
          const text = `${value} approved by <@${body.user.id}>`;
          await slack.chat.update({ channel: CHANNEL, ts, text, blocks: [] });
        }),
    });
    await app.client.chat.postMessage({
      channel: CHANNEL,
      text: 'card',
      blocks: CARD,
      metadata: { event_type: 'run', event_payload: { run_id: 'run-1' } },
    });
    const card = await message(({ text }) => text === 'card');

    await client.click({ user: GRACE, on: card, action_id: 'approve' });

    const updated = await message(({ text }) => text.includes('approved'));
    expect(updated).toMatchObject({
      ts: card.ts,
      text: `run-1 approved by <@${GRACE}>`,
      edited: true,
      metadata: { event_type: 'run', event_payload: { run_id: 'run-1' } },
    });
  });

  it('that is no longer in the message does nothing', async () => {
    const { app, client, message } = await startForTest({ behave: nothing });
    await app.client.chat.postMessage({ channel: CHANNEL, text: 'card', blocks: CARD });
    const card = await message(({ text }) => text === 'card');
    await app.client.chat.update({ channel: CHANNEL, ts: card.ts, text: 'done', blocks: [] });

    const click = client.click({ user: ADA, on: card, action_id: 'approve' });

    await expect(click).rejects.toThrow('the message may have changed');
  });
});

describe('other ways to reach the app', () => {
  it('a message shortcut carries its message and may answer through its response_url', async () => {
    const { app, client, message } = await startForTest({
      behave: (bolt) =>
        bolt.shortcut('explain', async ({ ack, shortcut, respond }) => {
          await ack();
          const { message: about } = shortcut as { message: { text: string } };
          await respond(`“${about.text}” means all is well.`);
        }),
    });
    const { ts } = await app.client.chat.postMessage({ channel: CHANNEL, text: 'F1 0.94' });

    await client.shortcut({ user: KIT, callback_id: 'explain', channel: CHANNEL, ts: String(ts) });

    const answer = await message(({ text }) => text.includes('all is well'), KIT);
    expect(answer).toMatchObject({ text: '“F1 0.94” means all is well.', ephemeral_for: KIT });
  });

  it('a direct message reaches the app as message.im and is answered there', async () => {
    const { client } = await startForTest({
      behave: (app) => app.message('hello', async ({ say }) => void (await say('Hello, Ada.'))),
    });
    const channel = String((await client.workspace()).directMessages[ADA]);

    await client.post({ user: ADA, channel, text: 'hello' });

    const answer = await client.waitFor(async () =>
      (await client.messages(channel)).find(({ user }) => user !== ADA),
    );
    expect(answer.text).toBe('Hello, Ada.');
  });
});
