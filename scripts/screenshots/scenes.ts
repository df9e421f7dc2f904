import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { sampleFiles } from '../../bot/local/sample-datasets.ts';
import type { WorkspaceMessage } from '../../bot/local/workspace/types.ts';
import type { Driver } from '../demo/driver.ts';
import type { Camera } from './camera.ts';

const ada = 'U0ADA';
const grace = 'U0GRACE';

/** A team's morning, photographed: v1 goes live, v2 waits for approval, a worse v3 is blocked. */
export async function playScenes(driver: Driver, camera: Camera): Promise<void> {
  driver.scene('Version 1 goes live');
  const first = await driver.nextCard();
  await driver.untilButton(first, actionIds.approve);
  await driver.click(grace, first, actionIds.approve);
  await driver.untilEnded(first);

  driver.scene('Version 2 is interrupted, resumes and waits for approval');
  const second = await drop(driver, sampleFiles.more);
  await driver.untilTraining(0.4);
  driver.says(await driver.client.interrupt());
  await driver.untilButton(second, actionIds.approve);
  await driver.untilThread(second, /is waiting for approval/);
  await photographDecision(camera, second);
  await openThread(camera, await driver.untilAlert());
  await camera.take('alert');
  await driver.click(grace, second, actionIds.approve);
  await driver.untilEnded(second);
  await photographRollback(camera);

  driver.scene('A worse dataset is blocked');
  const third = await drop(driver, sampleFiles.mislabelled);
  await driver.untilEnded(third);
  await openThread(camera, third);
  await camera.take('blocked-run');
}

async function photographDecision(camera: Camera, card: WorkspaceMessage): Promise<void> {
  const page = await openThread(camera, card);
  await camera.take('waiting-for-approval');

  const row = page.locator(`.message-area .message[data-ts="${card.ts}"]`).first();
  await row.getByRole('button', { name: 'Approve' }).click();
  const confirm = page.getByRole('dialog');
  await confirm.waitFor();
  await camera.take('approve-confirm', confirm);
  await page.keyboard.press('Escape');

  await row.getByRole('button', { name: 'Reject…' }).click();
  const modal = page.getByRole('dialog');
  await modal.waitFor();
  await modal.getByLabel('Reason').fill('Too many newsletters are called spam; see row 118.');
  await camera.take('reject-modal', modal);
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });

  await camera.visit({ as: 'grace', tab: 'home' });
  await page.getByRole('heading', { name: /waiting for you/ }).waitFor();
  await camera.take('home');
}

/** The form that asks why; it is closed again. */
async function photographRollback(camera: Camera): Promise<void> {
  const page = await camera.visit({ as: 'grace', tab: 'home' });
  await page.getByRole('button', { name: 'Roll back to v1' }).click();
  const modal = page.getByRole('dialog');
  await modal.waitFor();
  await modal.getByLabel('Reason').fill('Invoices of our supplier are called spam.');
  await camera.take('rollback-modal', modal);
  await page.keyboard.press('Escape');
  await modal.waitFor({ state: 'detached' });
}

async function openThread(camera: Camera, card: WorkspaceMessage) {
  const page = await camera.visit({ as: 'grace', channel: card.channel, thread_ts: card.ts });
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.locator('.files img').waitFor();
  return page;
}

async function drop(driver: Driver, file: string): Promise<WorkspaceMessage> {
  const body = Readable.toWeb(createReadStream(join(driver.samples, file))) as ReadableStream;
  driver.says(await driver.client.dropDataset({ user: ada, model: 'spam', name: file, body }));
  return driver.nextCard();
}
