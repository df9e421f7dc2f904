import type { App } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import { ADA, CHANNEL, GRACE, type Harness, KIT, startHarness } from './workspace-harness.ts';

const running: Harness[] = [];

async function start(...options: Parameters<typeof startHarness>): Promise<Harness> {
  const harness = await startHarness(...options);
  running.push(harness);
  return harness;
}

afterEach(async () => {
  for (const harness of running.splice(0)) await harness.stop();
});

const nothing = (): void => {};

function deferred<T>() {
  let resolve: (value: T) => void = nothing;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('a slash command', () => {
  it('reaches the app with a valid signature and shows the answer to its author only', async () => {
    const { client } = await start({
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
    const { client, message } = await start({
      behave: (app) => app.command('/mlops', async ({ ack }) => ack()),
      workspace: { signingSecret: 'another-secret' },
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(delivery).toEqual({ ok: false, error: 'dispatch_failed' });
    const notice = await message(({ user }) => user === 'USLACKBOT', ADA);
    expect(notice.text).toContain('dispatch_failed');
  });

  it('times out after three seconds without acknowledgement', async () => {
    const { client } = await start({
      behave: (app) => app.command('/mlops', () => new Promise<void>(nothing)),
    });

    const delivery = await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(delivery).toEqual({ ok: false, error: 'operation_timeout' });
  });

  it('is refused when no app has it', async () => {
    const { client } = await start({ behave: nothing });

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
    const { app, client, message } = await start({
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
    const { app, client, message } = await start({ behave: nothing });
    await app.client.chat.postMessage({ channel: CHANNEL, text: 'card', blocks: CARD });
    const card = await message(({ text }) => text === 'card');
    await app.client.chat.update({ channel: CHANNEL, ts: card.ts, text: 'done', blocks: [] });

    const click = client.click({ user: ADA, on: card, action_id: 'approve' });

    await expect(click).rejects.toThrow('the message may have changed');
  });
});

const FORM = {
  type: 'modal' as const,
  callback_id: 'reject',
  title: { type: 'plain_text' as const, text: 'Reject version 3' },
  submit: { type: 'plain_text' as const, text: 'Reject' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Why?' },
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
};

function withForm(app: App): void {
  app.command('/mlops', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: FORM });
  });
  app.view('reject', async ({ ack, view, client }) => {
    const reason = view.state.values.reason?.text?.value ?? '';
    if (reason.length < 5) {
      await ack({ response_action: 'errors', errors: { reason: 'Say a little more.' } });
      return;
    }
    await ack();
    await client.chat.postMessage({ channel: CHANNEL, text: `Rejected: ${reason}` });
  });
}

describe('a modal', () => {
  it('shows errors at the field, then closes on success', async () => {
    const { client, message } = await start({ behave: withForm });
    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops reject' });
    const view = await client.waitFor(async () => (await client.views(ADA)).at(-1));

    const refused = await client.submitView({ user: ADA, view, inputs: { text: 'no' } });
    const accepted = await client.submitView({ user: ADA, view, inputs: { text: 'bad recall' } });

    expect(refused).toEqual({ ok: true, errors: { reason: 'Say a little more.' } });
    expect(accepted).toEqual({ ok: true });
    expect(await client.views(ADA)).toEqual([]);
    expect((await message(({ text }) => text.startsWith('Rejected'))).text).toContain('bad recall');
  });

  it('belongs to the person who opened it', async () => {
    const { client } = await start({ behave: withForm });
    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops reject' });
    const view = await client.waitFor(async () => (await client.views(ADA)).at(-1));

    const submission = client.submitView({ user: KIT, view, inputs: { text: 'mine now' } });

    await expect(submission).rejects.toThrow('no open view');
    expect(await client.views(KIT)).toEqual([]);
  });

  it('follows push, update and clear', async () => {
    const { client } = await start({
      behave: (app) => {
        app.command('/mlops', async ({ ack, body, client: slack }) => {
          await ack();
          await slack.views.open({ trigger_id: body.trigger_id, view: FORM });
        });
        app.view('reject', async ({ ack }) =>
          ack({ response_action: 'push', view: { ...FORM, callback_id: 'second' } }),
        );
        app.view('second', async ({ ack }) =>
          ack({ response_action: 'update', view: { ...FORM, callback_id: 'third' } }),
        );
        app.view('third', async ({ ack }) => ack({ response_action: 'clear' }));
      },
    });
    const inputs = { text: 'anything' };
    const top = () =>
      client.waitFor(async () => (await client.views(ADA)).at(-1), { what: 'a modal' });
    const stack = async () => (await client.views(ADA)).map((view) => view.callback_id);

    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });
    await client.submitView({ user: ADA, view: await top(), inputs });
    const pushed = await stack();
    await client.submitView({ user: ADA, view: await top(), inputs });
    const updated = await stack();
    await client.submitView({ user: ADA, view: await top(), inputs });

    expect(pushed).toEqual(['reject', 'second']);
    expect(updated).toEqual(['reject', 'third']);
    expect(await stack()).toEqual([]);
  });

  it('opens once per trigger', async () => {
    const second = deferred<string>();
    const { client } = await start({
      behave: (app) =>
        app.command('/mlops', async ({ ack, body, client: slack }) => {
          await ack();
          const view = { trigger_id: body.trigger_id, view: FORM };
          await slack.views.open(view);
          await slack.views.open(view).catch((error) => second.resolve(error.data.error));
        }),
    });

    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });

    expect(await second.promise).toBe('exchanged_trigger_id');
  });
});

describe('other ways to reach the app', () => {
  it('closing a modal notifies an app that asked for it', async () => {
    const { client, message } = await start({
      behave(app) {
        app.command('/mlops', async ({ ack, body, client: slack }) => {
          await ack();
          const view = { ...FORM, notify_on_close: true };
          await slack.views.open({ trigger_id: body.trigger_id, view });
        });
        app.view({ callback_id: 'reject', type: 'view_closed' }, async ({ ack, client: slack }) => {
          await ack();
          await slack.chat.postMessage({ channel: CHANNEL, text: 'closed' });
        });
      },
    });
    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });
    const view = await client.waitFor(async () => (await client.views(ADA)).at(-1));

    await client.closeView({ user: ADA, view });

    expect((await message(({ text }) => text === 'closed')).user).toBe('U0MLOPS');
    expect(await client.views(ADA)).toEqual([]);
  });

  it('a message shortcut carries its message and may answer through its response_url', async () => {
    const { app, client, message } = await start({
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

  it('an element of a modal acts with what was entered so far', async () => {
    const { client } = await start({
      behave(app) {
        app.command('/mlops', async ({ ack, body, client: slack }) => {
          await ack();
          const element = { type: 'button' as const, action_id: 'check', text: FORM.submit };
          const actions = { type: 'actions' as const, block_id: 'more', elements: [element] };
          const view = { ...FORM, blocks: [...FORM.blocks, actions] };
          await slack.views.open({ trigger_id: body.trigger_id, view });
        });
        app.action('check', async ({ ack, body, client: slack }) => {
          await ack();
          const { view } = body as unknown as {
            view: { id: string; state: { values: Record<string, { text: { value: string } }> } };
          };
          const text = `Checked ${view.state.values.reason?.text.value}`;
          const title = { type: 'plain_text' as const, text };
          await slack.views.update({ view_id: view.id, view: { ...FORM, title } });
        });
      },
    });
    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops' });
    const view = await client.waitFor(async () => (await client.views(ADA)).at(-1));

    const values = { reason: { text: { type: 'plain_text_input', value: 'recall' } } };
    await client.click({ user: ADA, on: view, action_id: 'check', values });

    const updated = await client.waitFor(async () =>
      (await client.views(ADA)).find(({ title }) => title.startsWith('Checked')),
    );
    expect(updated).toMatchObject({ id: view.id, title: 'Checked recall' });
  });

  it('a direct message reaches the app as message.im and is answered there', async () => {
    const { client } = await start({
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
