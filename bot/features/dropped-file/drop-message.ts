import type { ActionsBlock } from '@slack/types';
import type { NewFile } from '../../../pipeline/core/data-contract/data-policy.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { answer } from '../../blocks/answer.ts';
import { button } from '../../blocks/button.ts';
import { shown } from '../../blocks/escape.ts';
import { bytes } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, code, lines } from '../../blocks/rich-text.ts';
import type { SharedFile } from './dataset-file.ts';

/** Buttons of a message for which Slack has room; more models are named in words. */
const MOST_MODELS = 20;

/** Asks whether a shared file is a dataset, and of which model; nothing starts before that. */
export function dropQuestion(file: SharedFile, models: Models): Message {
  return message(`Use ${shown(file.name, 80)} as a dataset?`, [
    lines(
      [bold('Use '), code(shown(file.name, 80)), ` (${bytes(file.bytes)})`, bold(' as a dataset?')],
      ['That starts a run of the model you choose. Otherwise ignore this message.'],
    ),
    lines([bold('Train on this file alone:')]),
    choices(file, models, 'replace'),
    lines([bold('Append it to the data in production, and train on both:')]),
    choices(file, models, 'append'),
  ]);
}

type Models = readonly { readonly name: string; readonly title: string }[];

function choices(file: SharedFile, models: Models, newFile: NewFile): ActionsBlock {
  const first = newFile === 'append' ? MOST_MODELS : 0;
  return {
    type: 'actions',
    block_id: newFile === 'append' ? 'dropped-append' : 'dropped',
    elements: models
      .slice(0, MOST_MODELS)
      .map(({ name, title }, index) =>
        button(
          `${actionIds.useFile}:${first + index}`,
          `${title} (${name})`,
          JSON.stringify([file.id, name, shown(file.name, 120), newFile]),
        ),
      ),
  };
}

export const notData: Message = answer(
  'That file is not a dataset.',
  'Share a .csv, .jsonl or .ndjson file, and choose its model.',
);

export function cannotBeData(file: SharedFile, reason: string): Message {
  return answer(`${shown(file.name, 80)} cannot be used as a dataset. ${reason}`);
}
