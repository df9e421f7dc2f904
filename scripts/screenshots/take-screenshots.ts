import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import type { Driver } from '../demo/driver.ts';
import type { ScreenshotBrowser } from './screenshot-browser.ts';

const ada = 'U0ADA';
const grace = 'U0GRACE';

/** Takes screenshots while v1 goes live, v2 waits for approval and a worse v3 is blocked. */
export async function takeScreenshots(driver: Driver, browser: ScreenshotBrowser): Promise<void> {
  driver.step('Version 1 goes live');
  const first = await driver.nextCard();
  await driver.untilButton(first, actionIds.approve);
  await driver.click(grace, first, actionIds.approve);
  await driver.untilEnded(first);

  driver.step('Version 2 is interrupted, resumes and waits for approval');
  const second = await drop(driver, sampleFiles.more);
  await driver.untilTraining(0.4);
  driver.print(await driver.client.interrupt());
  await driver.untilButton(second, actionIds.approve);
  await driver.untilThread(second, /is waiting for approval/);
  await takeDecision(browser, second);
  await openThread(browser, await driver.untilAlert());
  await browser.take('alert');
  await driver.click(grace, second, actionIds.approve);
  await driver.untilEnded(second);
  await takeTry(browser);
  await takeRollback(browser);

  driver.step('A worse dataset is blocked');
  const third = await drop(driver, sampleFiles.mislabelled);
  await driver.untilEnded(third);
  await openThread(browser, third);
  await browser.take('blocked-run');
}

async function takeDecision(browser: ScreenshotBrowser, card: WorkspaceMessage): Promise<void> {
  const page = await openThread(browser, card);
  await browser.take('waiting-for-approval');

  const row = page.locator(`.message-area .message[data-ts="${card.ts}"]`).first();
  await row.getByRole('button', { name: 'Approve' }).click();
  const confirm = page.getByRole('dialog');
  await confirm.waitFor();
  await browser.take('approve-confirm', confirm);
  await page.keyboard.press('Escape');

  await row.getByRole('button', { name: 'Reject…' }).click();
  const modal = page.getByRole('dialog');
  await modal.waitFor();
  await modal.getByLabel('Reason').fill('Too many newsletters are called spam; see row 118.');
  await browser.take('reject-modal', modal);
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });

  await browser.visit({ as: 'grace', tab: 'home' });
  await page.getByRole('heading', { name: /waiting for you/ }).waitFor();
  await browser.take('home');
  await takeOnPhone(browser, card);
}

/** The card and the Home tab as they are on a phone. */
async function takeOnPhone(browser: ScreenshotBrowser, card: WorkspaceMessage): Promise<void> {
  await browser.page.setViewportSize({ width: 390, height: 844 });
  await browser.visit({ as: 'grace', tab: 'home' });
  await browser.page.getByRole('heading', { name: /waiting for you/ }).waitFor();
  await browser.take('home-phone');
  await browser.visit({ as: 'grace', channel: card.channel });
  await browser.page.getByRole('button', { name: 'Approve' }).waitFor();
  await browser.take('waiting-for-approval-phone');
  await browser.page.setViewportSize({ width: 1440, height: 900 });
}

/** Asks the live model, and shows how a wrong answer is kept. */
async function takeTry(browser: ScreenshotBrowser): Promise<void> {
  const page = await browser.visit({ as: 'grace', tab: 'home' });
  await page.getByRole('button', { name: 'Try it…' }).first().click();
  const modal = page.getByRole('dialog');
  await modal
    .getByLabel('Text')
    .fill('Your invoice for November is attached. Please pay by Friday.');
  await modal.getByRole('button', { name: 'Ask' }).click();
  await modal.getByText(/This is wrong/).waitFor();
  await browser.take('try-it', modal);
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });
}

/** Opens the rollback form, and closes it again. */
async function takeRollback(browser: ScreenshotBrowser): Promise<void> {
  const page = await browser.visit({ as: 'grace', tab: 'home' });
  await page.getByRole('button', { name: 'Roll back to v1' }).click();
  const modal = page.getByRole('dialog');
  await modal.waitFor();
  await modal.getByLabel('Reason').fill('Invoices of our supplier are called spam.');
  await browser.take('rollback-modal', modal);
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });
}

async function openThread(browser: ScreenshotBrowser, card: WorkspaceMessage) {
  const page = await browser.visit({ as: 'grace', channel: card.channel, thread_ts: card.ts });
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByRole('img', { name: /chart/i }).first().waitFor();
  return page;
}

async function drop(driver: Driver, file: string): Promise<WorkspaceMessage> {
  const body = Readable.toWeb(createReadStream(join(driver.samples, file))) as ReadableStream;
  driver.print(await driver.client.dropDataset({ user: ada, model: 'spam', name: file, body }));
  return driver.nextCard();
}
