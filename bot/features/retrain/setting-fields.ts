import type { ActionsBlock, InputBlock } from '@slack/types';
import type { HyperparameterSpec } from '../../../pipeline/core/python-contract.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { truncate } from '../../blocks/escape.ts';
import { capitalised } from '../../blocks/format.ts';
import { settingsInWords, settingTitle, settingValue } from '../../blocks/setting-words.ts';
import { initial, input, option, plain } from './form-inputs.ts';
import { type RetrainForm, retrainFields } from './retrain-form.ts';
import { settingsInOrder } from './settings-in-order.ts';

/** Of the 100 blocks of a modal, beside the six other fields. */
const MAX_SETTINGS = 60;

/** The few settings that matter first; the rest behind a button, which keeps what was entered. */
export function settingBlocks(form: RetrainForm): (InputBlock | ActionsBlock)[] {
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

/** A number without an exponent, as Slack requires. */
export function decimal(value: number): string {
  const [digits = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return String(value);
  return value.toFixed(Math.min(100, (digits.split('.')[1]?.length ?? 0) + Number(exponent)));
}
