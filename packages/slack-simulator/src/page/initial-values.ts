import type { BlockJson } from '../types.ts';
import type { Values } from './api.ts';
import { type Json, object, objects } from './json.ts';

/** How `initial_…` of an element is called once it is a state. */
const STATE_NAMES: Readonly<Record<string, string>> = {
  initial_value: 'value',
  initial_option: 'selected_option',
  initial_options: 'selected_options',
  initial_date: 'selected_date',
  initial_time: 'selected_time',
  initial_date_time: 'selected_date_time',
  initial_user: 'selected_user',
  initial_users: 'selected_users',
  initial_channel: 'selected_channel',
  initial_channels: 'selected_channels',
  initial_conversation: 'selected_conversation',
  initial_conversations: 'selected_conversations',
};

/** What the fields of a surface hold before anybody touched them. */
function initialValues(blocks: readonly BlockJson[]): Values {
  const values: Record<string, Record<string, object>> = {};
  for (const block of blocks) {
    const elements = [object(block.element), object(block.accessory), ...objects(block.elements)];
    for (const element of elements) {
      if (!element || typeof element.action_id !== 'string') continue;
      const state = initialState(element);
      const isField = block.type === 'input';
      if (!isField && Object.keys(state).length === 0) continue;
      const blockId = String(block.block_id);
      values[blockId] = {
        ...values[blockId],
        [element.action_id]: { type: element.type, ...emptyState(element), ...state },
      };
    }
  }
  return values;
}

/** What was entered over what the blocks start with, without blocks that are gone. */
export function currentValues(blocks: readonly BlockJson[], entered: Values): Values {
  const values: Record<string, Readonly<Record<string, object>>> = { ...initialValues(blocks) };
  for (const block of blocks) {
    const id = String(block.block_id);
    if (entered[id]) values[id] = { ...values[id], ...entered[id] };
  }
  return values;
}

/** What is required and still empty, by block; the page checks it before it asks the app. */
export function missingValues(
  blocks: readonly BlockJson[],
  values: Values,
): Readonly<Record<string, string>> {
  const missing: Record<string, string> = {};
  for (const block of blocks) {
    const element = object(block.element);
    if (block.type !== 'input' || block.optional === true || !element) continue;
    const { type: _type, ...state } = object(
      values[String(block.block_id)]?.[String(element.action_id)],
    ) ?? { type: '' };
    const isFilled = Object.values(state).some((value) =>
      Array.isArray(value) ? value.length > 0 : value !== null && value !== '',
    );
    if (!isFilled) missing[String(block.block_id)] = 'Please complete this required field.';
  }
  return missing;
}

function initialState(element: Json): Record<string, unknown> {
  const state: Record<string, unknown> = {};
  for (const [initial, name] of Object.entries(STATE_NAMES)) {
    if (element[initial] !== undefined) state[name] = element[initial];
  }
  return state;
}

function emptyState(element: Json): object {
  return String(element.type).endsWith('_input') ? { value: null } : {};
}
