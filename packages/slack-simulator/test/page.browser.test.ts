import type { BlockAction } from '@slack/bolt';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChromium } from './page-harness.ts';
import { ADA, CHANNEL, GRACE, type Harness, startHarness } from './workspace-harness.ts';

const chromium = startChromium();
let harness: Harness;
let page: Page;
let complaints: readonly string[];

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const CARD = [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'Version *3* is better' } },
  {
    type: 'actions' as const,
    block_id: 'decision',
    elements: [
      {
        type: 'button' as const,
        action_id: 'approve',
        text: plain('Approve'),
        confirm: {
          title: plain('Deploy version 3?'),
          text: plain('Version 3 replaces version 2.'),
          confirm: plain('Deploy'),
          deny: plain('Not yet'),
        },
      },
    ],
  },
];

const QUESTION = [
  {
    type: 'input' as const,
    block_id: 'reason',
    label: plain('Why?'),
    optional: true,
    element: { type: 'plain_text_input' as const, action_id: 'text', multiline: true },
  },
  {
    type: 'actions' as const,
    block_id: 'question',
    elements: [{ type: 'button' as const, action_id: 'back', text: plain('Go back') }],
  },
];

const FORM = {
  type: 'modal' as const,
  callback_id: 'reject',
  title: plain('Reject version 3'),
  submit: plain('Reject'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: plain('Why?'),
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
};

beforeEach(async () => {
  harness = await startHarness({
    behave(app) {
      app.action('approve', async ({ ack, body, client }) => {
        await ack();
        const { ts } = (body as { message: { ts: string } }).message;
        const text = `Approved by <@${body.user.id}>`;
        await client.chat.update({ channel: CHANNEL, ts, text, blocks: [] });
      });
      app.action<BlockAction>('back', async ({ ack, body, respond }) => {
        await ack();
        const reason = body.state?.values.reason?.text?.value;
        await respond({ text: `Back, because ${reason}`, replace_original: true });
      });
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
    },
  });
});

afterEach(() => harness.stop());

async function open(path = '/'): Promise<void> {
  ({ page, complaints } = await chromium.open(`${harness.workspace.url}${path}`));
}

describe('a person on the page', () => {
  it('opens with the newest 50 messages and loads older ones as a person scrolls up', async () => {
    const first = await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'No. 1' });
    for (let count = 2; count <= 120; count += 1) {
      await harness.app.client.chat.postMessage({ channel: CHANNEL, text: `No. ${count}` });
    }
    await open();
    await page.getByText('No. 120', { exact: true }).waitFor();
    const list = page.getByRole('region', { name: 'Messages in #ml-ops' });
    const rows = page.getByText(/^No\. \d+/);
    const opened = await rows.count();

    // An edit of a message further up must not show it without those in between.
    const edit = { channel: CHANNEL, ts: String(first.ts), text: 'No. 1, edited' };
    await harness.app.client.chat.update(edit);
    await list.evaluate((element) => element.scrollTo({ top: 0 }));
    await page.getByText('No. 21', { exact: true }).waitFor();
    const place = await list.evaluate(({ scrollTop }) => scrollTop);
    const scrolled = await rows.count();
    await list.evaluate((element) => element.scrollTo({ top: 0 }));
    await page.getByText('No. 1, edited').waitFor();

    expect(opened).toBe(50);
    expect(scrolled).toBe(100);
    // What was on the screen stays there: the new messages are above it.
    expect(place).toBeGreaterThan(200);
    expect(await rows.count()).toBe(120);
    expect(await page.getByRole('button', { name: 'Show older messages' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('asks before a button with a confirm dialog acts, and shows the result to everybody', async () => {
    await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'card', blocks: CARD });
    await open('/?as=grace');

    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Not yet' }).click();
    const untouched = await harness.client.messages(CHANNEL);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('dialog', { name: 'Deploy version 3?' }).waitFor();
    await page.getByRole('button', { name: 'Deploy', exact: true }).click();
    await page.getByText('Approved by @Grace Hopper').waitFor();

    expect(untouched[0]?.edited).toBe(false);
    expect((await harness.client.messages(CHANNEL))[0]?.text).toBe(`Approved by <@${GRACE}>`);
    expect(complaints).toEqual([]);
  });

  it('sends what was entered beside a button, and shows the answer in place of the question', async () => {
    const asked = { channel: CHANNEL, user: GRACE, text: 'Go back?', blocks: QUESTION };
    await harness.app.client.chat.postEphemeral(asked);
    await open('/?as=grace');

    await page.getByLabel('Why?').fill('it flags invoices');
    await page.getByRole('button', { name: 'Go back' }).click();
    await page.getByText('Back, because it flags invoices', { exact: true }).waitFor();

    expect(await page.getByRole('button', { name: 'Go back' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('can be used with the keyboard alone: command, suggestion, modal, error, Escape', async () => {
    await open();
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));

    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    for (let tabs = 0; tabs < 12 && (await focused()) !== 'Message #ml-ops'; tabs += 1) {
      await page.keyboard.press('Tab');
    }
    expect(await focused()).toBe('Message #ml-ops');

    await page.keyboard.type('/ml');
    await page.getByRole('option', { name: '/mlops' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('reject');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Reject version 3' });
    await dialog.waitFor();
    for (let tabs = 0; tabs < 8; tabs += 1) {
      const isInside = await page.evaluate(() => {
        const at = document.activeElement;
        return at === document.body || at?.closest('dialog') !== null;
      });
      expect(isInside).toBe(true);
      await page.keyboard.press('Tab');
    }

    await page.getByLabel('Why?').focus();
    await page.keyboard.type('no');
    await page.keyboard.press('Enter');
    await page.getByText('Say a little more.').waitFor();
    await page.keyboard.type(' recall');
    await page.keyboard.press('Enter');
    await page.locator('.message').getByText('Rejected: no recall').waitFor();
    expect(await dialog.count()).toBe(0);

    await page.getByLabel('Message #ml-ops').focus();
    await page.keyboard.type('/mlops reject');
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await harness.client.views(ADA)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows a thread beside its root and what only one person may see to that person', async () => {
    const root = await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'root' });
    const thread_ts = String(root.ts);
    await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'step 1', thread_ts });
    await harness.app.client.chat.postEphemeral({ channel: CHANNEL, user: ADA, text: 'for Ada' });
    await open('/?as=ada');

    await page.getByRole('button', { name: /1 reply/ }).click();
    await page.getByRole('complementary', { name: 'Thread' }).getByText('step 1').waitFor();
    await harness.app.client.chat.postMessage({ channel: CHANNEL, text: 'step 2', thread_ts });
    await page.getByRole('complementary', { name: 'Thread' }).getByText('step 2').waitFor();
    await page.getByText('Only visible to you').waitFor();
    await page.getByRole('radio', { name: /Kit Moore/ }).check({ force: true });
    // Ada's messages go first, then Kit's come.
    await page.getByText('Only visible to you').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /2 replies/ }).waitFor();

    expect(await page.getByRole('button', { name: /2 replies/ }).count()).toBe(1);
    expect(await page.getByText('Only visible to you').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
