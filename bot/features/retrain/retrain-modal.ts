import type { InputBlock, KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import { actionIds } from '../../blocks/action-ids.ts';
import { ago } from '../../blocks/ago.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { lines } from '../../blocks/rich-text.ts';
import { initial, input, option, plain } from './form-inputs.ts';
import { type RetrainForm, retrainFields } from './retrain-form.ts';
import { settingBlocks } from './setting-fields.ts';

export const retrainFormId = 'model.retrain_form';

const MAX_DATASETS = 25;
const MAX_REASON_CHARACTERS = 300;

/** The form that `/mlops retrain` and the Home tab open. */
export function retrainModal(form: RetrainForm): ModalView {
  return {
    type: 'modal',
    callback_id: retrainFormId,
    private_metadata: form.model,
    title: plain('Retrain a model', 24),
    submit: plain('Retrain', 24),
    close: plain('Cancel', 24),
    blocks: [
      modelField(form),
      ...(form.datasets.length === 0
        ? [lines([`${form.model} has no valid dataset yet. Drop a file into its inbox first.`])]
        : [datasetField(form), ...appendField(form)]),
      ...correctionLines(form),
      ...settingBlocks(form),
      spotField(form),
      reasonField(),
    ],
  };
}

/** Corrections are trained on only after somebody has put them into a dataset. */
function correctionLines({ model, corrections = 0 }: RetrainForm): KnownBlock[] {
  if (corrections === 0) return [];
  const text = `${plural(corrections, 'correction')} collected, not part of a dataset by themselves: /mlops corrections ${model}`;
  return [{ type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] }];
}

function modelField({ model, models }: RetrainForm): InputBlock {
  const options = models
    .slice(0, 100)
    .map(({ name, title }) => option(`${shown(title, 50)} (${name})`, name));
  return {
    ...input(retrainFields.model, 'Model', {
      type: 'static_select',
      action_id: actionIds.retrainChooseModel,
      options,
      ...initial(options, model),
    }),
    dispatch_action: true,
  };
}

function datasetField({ model, datasets, now }: RetrainForm): InputBlock {
  const options = datasets
    .slice(0, MAX_DATASETS)
    .map(({ version, fileName, rows, usedAt, suspicion = null, files = 1 }) => {
      const facts = [
        files === 1 ? '' : `+ ${plural(files - 1, 'file')}`,
        rows === null ? '' : plural(rows, 'row'),
        ago(usedAt, now),
      ];
      const named =
        suspicion === null ? [shown(fileName, 40)] : [`⚠️ ${suspicion}`, shown(fileName, 24)];
      return option([...named, ...facts].filter(Boolean).join(' · '), version);
    });
  const first = datasets.find(({ suspicion = null }) => suspicion === null);
  return input(retrainFields.dataset(model), 'Dataset', {
    type: 'static_select',
    action_id: retrainFields.action,
    options,
    ...initial(options, first?.version ?? ''),
  });
}

/** What the dataset is to the data of production; without any there is no choice. */
function appendField({ model, live }: RetrainForm): InputBlock[] {
  if (live === undefined) return [];
  const options = [
    option('On this dataset alone', 'alone'),
    option(`On it, appended to the data of v${live}`, 'append'),
  ];
  const element = {
    type: 'static_select' as const,
    action_id: retrainFields.action,
    options,
    ...initial(options, 'alone'),
  };
  return [input(retrainFields.use(model), 'Train', element)];
}

function spotField({ model, spot }: RetrainForm): InputBlock {
  const options = [
    option('Spot: about 65 % cheaper, may be interrupted', 'true'),
    option('On-demand: full price, not interrupted', 'false'),
  ];
  return input(retrainFields.spot(model), 'Machine', {
    type: 'static_select',
    action_id: retrainFields.action,
    options,
    ...initial(options, String(spot)),
  });
}

function reasonField(): InputBlock {
  return {
    ...input(retrainFields.reason, 'Reason', {
      type: 'plain_text_input',
      action_id: retrainFields.action,
      max_length: MAX_REASON_CHARACTERS,
    }),
    optional: true,
    hint: plain('Shown on the card, with your name.', 100),
  };
}
