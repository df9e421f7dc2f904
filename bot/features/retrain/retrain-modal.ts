import type { ActionsBlock, InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { HyperparameterSpec } from '../../../pipeline/core/python-contract.ts';
import type { Instant } from '../../../pipeline/core/run.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { ago } from '../../blocks/ago.ts';
import { button } from '../../blocks/button.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { capitalised, plural } from '../../blocks/format.ts';
import { lines } from '../../blocks/rich-text.ts';
import { settingsInWords, settingTitle, settingValue } from '../../blocks/setting-words.ts';
import { settingsInOrder } from './settings-in-order.ts';

export const retrainFormId = 'model.retrain_form';

/** The contents of the form, with the values that apply if nothing is changed. */
export interface RetrainForm {
  readonly model: string;
  readonly models: readonly { readonly name: string; readonly title: string }[];
  /** Valid datasets, newest first; `suspicion` says why a retrain does not take one by itself. */
  readonly datasets: readonly {
    readonly version: string;
    readonly fileName: string;
    readonly rows: number | null;
    readonly usedAt: Instant;
    readonly suspicion?: string | null;
    /** Left out: one. */
    readonly files?: number;
  }[];
  /** The version in production, to whose data the dataset may be appended; left out: nothing is live. */
  readonly live?: number;
  readonly settings: readonly {
    readonly name: string;
    readonly spec: HyperparameterSpec;
    readonly value: string;
  }[];
  readonly spot: boolean;
  /** Rows that people corrected, in none of the datasets by themselves; left out: none. */
  readonly corrections?: number;
  /** Shows every setting, not only those that matter first. */
  readonly isLong?: boolean;
  readonly now: Date;
}

/** Block ids. Fields that depend on the model carry its name, so another model's values are not kept. */
export const retrainFields = {
  model: 'model',
  dataset: (model: string) => `dataset:${model}`,
  use: (model: string) => `use:${model}`,
  setting: (model: string, name: string) => truncate(`setting:${model}:${name}`, 255),
  spot: (model: string) => `spot:${model}`,
  reason: 'reason',
  action: 'value',
} as const;

const MAX_DATASETS = 25;
/** Of the 100 blocks of a modal, beside the six other fields. */
const MAX_SETTINGS = 60;
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

/** The few settings that matter first; the rest behind a button, which keeps what was entered. */
function settingBlocks(form: RetrainForm): (InputBlock | ActionsBlock)[] {
  const { first, more } = settingsInOrder(form.settings.slice(0, MAX_SETTINGS));
  const shownFirst = first.map((each) => settingField(form.model, each));
  if (more.length === 0) return shownFirst;
  if (form.isLong === true) {
    return [...shownFirst, ...more.map((each) => settingField(form.model, each))];
  }
  const label = `More settings (${more.length})`;
  return [
    ...shownFirst,
    {
      type: 'actions',
      block_id: `more:${form.model}`,
      elements: [button(actionIds.retrainMore, label, form.model)],
    },
  ];
}

function settingField(model: string, { name, spec, value }: RetrainForm['settings'][number]) {
  const field = input(
    retrainFields.setting(model, name),
    truncate(settingTitle(name), 100),
    settingElement(spec, value),
  );
  const limits = limitsOf(spec);
  const said = settingsInWords(spec.description);
  const about = [said, limits, `Typed as ${name}=…`].filter(Boolean).join(' ');
  return { ...field, optional: true, hint: plain(about, 300) };
}

function settingElement(spec: HyperparameterSpec, value: string): InputBlock['element'] {
  const action_id = retrainFields.action;
  const choices = spec.type === 'boolean' ? ['true', 'false'] : spec.enum?.map(String);
  if (choices !== undefined && choices.length > 0) {
    const words = (each: string) =>
      spec.type === 'boolean' ? (each === 'true' ? 'Yes' : 'No') : capitalised(settingValue(each));
    const options = choices.slice(0, 100).map((each) => option(words(each), each || ' '));
    return { type: 'static_select', action_id, options, ...initial(options, value || ' ') };
  }
  if (spec.type === 'string') {
    const placeholder = plain('Leave empty for the default', 150);
    const given = value === '' ? {} : { initial_value: truncate(value, 3_000) };
    return { type: 'plain_text_input', action_id, placeholder, ...given };
  }
  return {
    type: 'number_input',
    action_id,
    is_decimal_allowed: spec.type === 'number',
    initial_value: decimal(Number(value)),
    ...(spec.minimum === undefined ? {} : { min_value: decimal(spec.minimum) }),
    ...(spec.maximum === undefined ? {} : { max_value: decimal(spec.maximum) }),
  };
}

function limitsOf({ type, minimum, maximum }: HyperparameterSpec): string {
  const kind = type === 'integer' ? 'A whole number' : 'A number';
  if (minimum !== undefined && maximum !== undefined) {
    return `${kind} from ${decimal(minimum)} to ${decimal(maximum)}.`;
  }
  if (minimum !== undefined) return `${kind}, at least ${decimal(minimum)}.`;
  return maximum === undefined ? '' : `${kind}, at most ${decimal(maximum)}.`;
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

function input(block_id: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id, label: plain(label, 150), element };
}

function option(text: string, value: string): PlainTextOption {
  return { text: plain(text, 75), value: truncate(value, 150) };
}

function initial(options: readonly PlainTextOption[], value: string) {
  const found = options.find((each) => each.value === value);
  return found === undefined ? {} : { initial_option: found };
}

/** A number without an exponent, as Slack requires. */
export function decimal(value: number): string {
  const [digits = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return String(value);
  return value.toFixed(Math.min(100, (digits.split('.')[1]?.length ?? 0) + Number(exponent)));
}

function plain(text: string, max: number) {
  return { type: 'plain_text' as const, text: truncate(text, max), emoji: false };
}
