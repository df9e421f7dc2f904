import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { ADA, CHANNEL, KIT, startForTest } from './workspace-harness.ts';

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

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('a modal', () => {
  it('shows errors at the field, then closes on success', async () => {
    const { client, message } = await startForTest({ behave: withForm });
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
    const { client } = await startForTest({ behave: withForm });
    await client.command({ user: ADA, channel: CHANNEL, text: '/mlops reject' });
    const view = await client.waitFor(async () => (await client.views(ADA)).at(-1));

    const submission = client.submitView({ user: KIT, view, inputs: { text: 'mine now' } });

    await expect(submission).rejects.toThrow('no open view');
    expect(await client.views(KIT)).toEqual([]);
  });

  it('follows push, update and clear', async () => {
    const { client } = await startForTest({
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
    const { client } = await startForTest({
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

  it('notifies an app that asked for it when it is closed', async () => {
    const { client, message } = await startForTest({
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

  it('passes on what was entered so far when an element of it acts', async () => {
    const { client } = await startForTest({
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
});
