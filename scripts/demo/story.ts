import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { sampleFiles } from '../../bot/local/sample-datasets.ts';
import { actionIds } from '../../bot/messages/buttons.ts';
import { reasonField } from '../../bot/messages/reason.ts';
import { type Cast, expectThat, type Stage } from './stage.ts';

/**
 * The whole mission in one sitting, by the page's own HTTP doors: what a person would do with the
 * mouse, and what they would read. Returns the ids of the runs it started, in order, and the
 * prediction it asked for.
 */
export async function playStory(stage: Stage, cast: Cast) {
  const { ada, grace, kit } = cast;

  stage.scene('A first dataset lies in the inbox: a run starts by itself');
  const first = await stage.nextCard();

  stage.scene('The Spot machine is taken away in the middle of training');
  await stage.untilTraining(0.4);
  stage.says(await stage.client.interrupt());
  await stage.untilThread(first, /resumed from step \d+/i);
  await stage.untilThread(first, /evaluation on/i);

  stage.scene('Kit may not approve, Grace may: the model goes live');
  await stage.untilButton(first, actionIds.approve);
  const refusal = await stage.click(kit, first, actionIds.approve, { mustTell: true });
  expectThat(refusal.ephemeral !== null, 'Kit is told why nothing happened');
  await stage.click(grace, first, actionIds.approve);
  const live = await stage.untilCard(first, /In production: v1/, 'version 1 is live');
  const request = {
    inputs: 'Congratulations! You have been selected to claim your free cash prize now',
  };
  const prediction = await stage.predict('spam', request);
  expectThat(prediction.ok, 'the endpoint answers');
  await stage.untilEnded(live);

  stage.scene('A worse dataset is dropped: the gate blocks it, production is untouched');
  const worse = await dropDataset(stage, ada, sampleFiles.mislabelled);
  await stage.untilEnded(worse);
  expectThat(
    /the gate failed/.test(stage.textOf(await stage.reread(worse))),
    'the worse model is blocked',
  );

  stage.scene('A better dataset is dropped, passes and is approved');
  const better = await dropDataset(stage, ada, sampleFiles.more);
  await stage.untilButton(better, actionIds.approve);
  await stage.click(grace, better, actionIds.approve);
  await stage.untilCard(better, /In production: v2/, 'version 2 is live');
  await stage.untilEnded(better);

  stage.scene('Somebody needs version 1 once more: promote, with a new approval');
  await stage.command(ada, '/mlops promote spam 1');
  const promoted = await stage.nextCard();
  await stage.untilButton(promoted, actionIds.approve);
  await stage.click(grace, promoted, actionIds.approve);
  await stage.untilCard(promoted, /In production: v1/, 'version 1 is live again');
  await stage.untilEnded(promoted);

  stage.scene('Done with it: one rollback brings version 2 back');
  const form = await stage.commandForForm(grace, '/mlops rollback spam');
  expectThat(
    /v2 answers again in place of v1/.test(stage.textOf({ text: '', blocks: form.blocks })),
    'the rollback names its effect before anything happens',
  );
  const why = 'version 1 was only needed for the comparison';
  await stage.submit(grace, form, { [reasonField.action]: why });
  const rolledBack = await stage.nextCard();
  const back = await stage.untilEnded(rolledBack);
  expectThat(stage.textOf(back).includes(why), 'the card says who went back, and why');
  await stage.command(ada, '/mlops status');

  return { prediction: { request, response: prediction.answer } };
}

async function dropDataset(stage: Stage, user: string, file: string): Promise<WorkspaceMessage> {
  const body = Readable.toWeb(createReadStream(join(stage.samples, file))) as ReadableStream;
  stage.says(await stage.client.dropDataset({ user, model: 'spam', name: file, body }));
  return stage.nextCard();
}
