import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import { reasonField } from '../../bot/blocks/reason.ts';
import { sampleFiles } from '../../bot/local/sample-datasets.ts';
import type { WorkspaceMessage } from '../../bot/local/workspace/types.ts';
import { type Driver, expectThat, type Users } from './driver.ts';

/**
 * The whole mission in one sitting, through the HTTP API of the page: what a person would do with the
 * mouse, and what they would read. Returns the ids of the runs it started, in order, and the
 * prediction it asked for.
 */
export async function playStory(driver: Driver, users: Users) {
  const { ada, grace, kit } = users;

  driver.scene('A first dataset lies in the inbox: a run starts by itself');
  const first = await driver.nextCard();

  driver.scene('The Spot machine is taken away in the middle of training');
  await driver.untilTraining(0.4);
  driver.says(await driver.client.interrupt());
  await driver.untilThread(first, /resumed from step \d+/i);
  await driver.untilThread(first, /evaluation on/i);

  driver.scene('Kit may not approve, Grace may: the model goes live');
  await driver.untilButton(first, actionIds.approve);
  const refusal = await driver.click(kit, first, actionIds.approve, { mustTell: true });
  expectThat(refusal.ephemeral !== null, 'Kit is told why nothing happened');
  await driver.click(grace, first, actionIds.approve);
  const live = await driver.untilCard(first, /In production: v1/, 'version 1 is live');
  const request = {
    inputs: 'Congratulations! You have been selected to claim your free cash prize now',
  };
  const prediction = await driver.predict('spam', request);
  expectThat(prediction.ok, 'the endpoint answers');
  await driver.untilEnded(live);

  driver.scene('A worse dataset is dropped: the gate blocks it, production is untouched');
  const worse = await dropDataset(driver, ada, sampleFiles.mislabelled);
  await driver.untilEnded(worse);
  expectThat(
    /blocked by the gate/.test(driver.textOf(await driver.reread(worse))),
    'the worse model is blocked',
  );

  driver.scene('A better dataset is dropped, passes and is approved');
  const better = await dropDataset(driver, ada, sampleFiles.more);
  await driver.untilButton(better, actionIds.approve);
  await driver.click(grace, better, actionIds.approve);
  await driver.untilCard(better, /In production: v2/, 'version 2 is live');
  await driver.untilEnded(better);

  driver.scene('Somebody needs version 1 once more: promote, with a new approval');
  await driver.command(ada, '/mlops promote spam 1');
  const promoted = await driver.nextCard();
  await driver.untilButton(promoted, actionIds.approve);
  await driver.click(grace, promoted, actionIds.approve);
  await driver.untilCard(promoted, /In production: v1/, 'version 1 is live again');
  await driver.untilEnded(promoted);

  driver.scene('Done with it: one rollback brings version 2 back');
  const form = await driver.commandForForm(grace, '/mlops rollback spam');
  expectThat(
    /v2 replaces v1 in production/.test(driver.textOf({ text: '', blocks: form.blocks })),
    'the rollback names its effect before anything happens',
  );
  const why = 'version 1 was only needed for the comparison';
  await driver.submit(grace, form, { [reasonField.action]: why });
  const rolledBack = await driver.nextCard();
  const back = await driver.untilEnded(rolledBack);
  expectThat(driver.textOf(back).includes(why), 'the card says who went back, and why');
  await driver.command(ada, '/mlops status');

  return { prediction: { request, response: prediction.answer } };
}

async function dropDataset(driver: Driver, user: string, file: string): Promise<WorkspaceMessage> {
  const body = Readable.toWeb(createReadStream(join(driver.samples, file))) as ReadableStream;
  driver.says(await driver.client.dropDataset({ user, model: 'spam', name: file, body }));
  return driver.nextCard();
}
