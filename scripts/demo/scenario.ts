import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { reasonField } from '../../bot/blocks/reason.ts';
import { sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import { type Driver, expectThat, type Users } from './driver.ts';

/**
 * Takes a model through its life: trained, interrupted, refused, approved, blocked, replaced,
 * rolled back and promoted again. Returns the prediction of version 1.
 */
export async function runScenario(driver: Driver, users: Users) {
  const { ada, grace, kit } = users;

  driver.step('A dataset in the inbox starts a run');
  const first = await driver.nextCard();

  driver.step('The Spot instance is interrupted during training');
  await driver.untilTraining(0.4);
  driver.print(await driver.client.interrupt());
  await driver.untilThread(first, /resumed from step \d+/i);
  await driver.untilThread(first, /evaluation on/i);

  driver.step('Kit may not approve, Grace may: the model goes live');
  await driver.untilButton(first, actionIds.approve);
  const refusal = await driver.click(kit, first, actionIds.approve, { expectsAnswer: true });
  expectThat(refusal.ephemeral !== null, 'Kit sees why nothing happened');
  await driver.click(grace, first, actionIds.approve);
  const live = await driver.untilCard(first, /In production: v1/, 'version 1 is live');
  const request = {
    inputs: 'Congratulations! You have been selected to claim your free cash prize now',
  };
  const prediction = await driver.predict('spam', request);
  expectThat(prediction.ok, 'the endpoint answers');
  await driver.untilEnded(live);

  driver.step('A worse dataset is uploaded: the gate blocks it and production is unchanged');
  const worse = await dropDataset(driver, ada, sampleFiles.mislabelled);
  await driver.untilEnded(worse);
  expectThat(
    /blocked by the gate/.test(driver.textOf(await driver.reread(worse))),
    'the worse model is blocked',
  );

  driver.step('A better dataset is uploaded, passes the gate and is approved');
  const better = await dropDataset(driver, ada, sampleFiles.more);
  await driver.untilButton(better, actionIds.approve);
  await driver.click(grace, better, actionIds.approve);
  await driver.untilCard(better, /In production: v2/, 'version 2 is live');
  await driver.untilEnded(better);

  driver.step('Grace rolls back to version 1');
  const form = await driver.commandForForm(grace, '/mlops rollback spam');
  expectThat(
    /v1 replaces v2 in production/.test(driver.textOf({ text: '', blocks: form.blocks })),
    'the form says what the rollback will do',
  );
  const why = 'version 2 marks newsletters as spam';
  await driver.submit(grace, form, { [reasonField.action]: why });
  const rolledBack = await driver.nextCard();
  const back = await driver.untilEnded(rolledBack);
  expectThat(driver.textOf(back).includes(why), 'the card shows the reason for the rollback');

  driver.step('Ada promotes version 2 again, which needs a new approval');
  await driver.command(ada, '/mlops promote spam 2');
  const promoted = await driver.nextCard();
  await driver.untilButton(promoted, actionIds.approve);
  await driver.click(grace, promoted, actionIds.approve);
  await driver.untilCard(promoted, /In production: v2/, 'version 2 is live again');
  await driver.untilEnded(promoted);
  await driver.command(ada, '/mlops status');

  return { prediction: { request, response: prediction.answer } };
}

async function dropDataset(driver: Driver, user: string, file: string): Promise<WorkspaceMessage> {
  const body = Readable.toWeb(createReadStream(join(driver.samples, file))) as ReadableStream;
  driver.print(await driver.client.dropDataset({ user, model: 'spam', name: file, body }));
  return driver.nextCard();
}
