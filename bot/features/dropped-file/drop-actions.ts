import { modelConfig } from '../../../pipeline/core/model-config.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { download, readFile, refuseFile } from './dataset-file.ts';
import { cannotBeData, dropQuestion, notData } from './drop-message.ts';

/** Somebody shared a file where the bot is. Only operators are asked, and only about data. */
export async function askAboutFile(
  bot: Bot,
  shared: { readonly fileId: string; readonly user: string; readonly channel: string },
): Promise<void> {
  const { fileId, user, channel } = shared;
  if (bot.datasets === null) return;
  // In a channel people share files with each other; in a direct message they share them with the bot.
  const isDirect = channel.startsWith('D');
  const memberOf = await bot.people.memberOf(user);
  const refusal = refuseOperator(bot, { memberOf }, 'start a run');
  const file = refusal === null ? await readFile(bot.client, fileId) : null;
  if (file === null) {
    if (!isDirect) return;
    const { text, blocks } = refusal ?? notData;
    await bot.client.chat.postMessage({ channel, text, blocks: [...blocks] });
    return;
  }
  const models = Object.entries(bot.config.models).map(([name, { title }]) => ({ name, title }));
  const reason = refuseFile(file);
  const { text, blocks } =
    reason === null ? dropQuestion(file, models) : cannotBeData(file, reason);
  const message = { channel, text, blocks: [...blocks] };
  if (isDirect) await bot.client.chat.postMessage(message);
  else await bot.client.chat.postEphemeral({ ...message, user });
}

/** A model was chosen: the file becomes a dataset of it. */
async function useFile(bot: Bot, click: Click): Promise<void> {
  const [fileId = '', model = '', , choice = ''] = readValue(click.value);
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'start a run');
  if (refusal !== null) return click.replace(refusal);
  modelConfig(bot.config, model);
  const file = await readFile(bot.client, fileId);
  if (file === null || bot.datasets === null) {
    return click.replace(refused('That file is no longer there.'));
  }
  const reason = refuseFile(file);
  if (reason !== null) return click.replace(cannotBeData(file, reason));
  const body = await download(bot.client, file);
  const { message } = await bot.datasets.take({
    model,
    fileName: file.name,
    body,
    by: click.actor,
    ...(choice === 'append' || choice === 'replace' ? { newFile: choice } : {}),
  });
  const what = choice === 'append' ? `is appended to the data of` : 'is a dataset of';
  await click.replace(answer(`${shown(file.name, 80)} ${what} ${model}. ${message}`));
}

function readValue(value: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) ? read.map(String) : [];
  } catch {
    return [];
  }
}

/** Two ids per model: Slack tells the buttons of a message apart by them. */
export const dropActions: readonly Action[] = Array.from({ length: 40 }, (_, index) => ({
  id: `${actionIds.useFile}:${index}`,
  handle: useFile,
  audit: {
    command: 'dataset',
    describe: (value: string) => {
      const [fileId = '', model = '', name = '', choice = ''] = readValue(value);
      const how = choice === 'append' ? ', appended' : '';
      return `${model} ${name} (file ${fileId}${how})`;
    },
  },
}));
