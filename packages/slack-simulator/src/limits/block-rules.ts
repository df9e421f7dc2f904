/** Slack's limits by block and element type (docs.slack.dev/reference/block-kit). */
import { chartBlock } from './chart-rules.ts';
import {
  advice,
  anything,
  byType,
  items,
  type Json,
  list,
  type Problem,
  plainText,
  type Rule,
  refused,
  required,
  shape,
  string,
  text,
} from './rules.ts';

const confirm = shape({
  title: required(plainText(100)),
  text: required(text(300)),
  confirm: required(plainText(30)),
  deny: plainText(30),
});

const option = shape({
  text: required(text(75)),
  value: required(string(150)),
  description: text(75),
  url: string(3_000),
});

/** Fields of every interactive element. */
const element = (fields: Readonly<Record<string, Rule>>): Rule =>
  shape({ action_id: actionId, confirm, placeholder: plainText(150), ...fields });

const actionId: Rule = (value, at) =>
  value === undefined ? advice(at, 'no action_id') : string(255)(value, at);

const options = list(100, option);

function select(json: Json, at: string): readonly Problem[] {
  return json.options === undefined && json.option_groups === undefined
    ? refused(`${at}/options`, 'missing required field: options')
    : [];
}

const groups = list(100, shape({ label: required(plainText(75)), options: required(options) }));
const staticSelect: Rule = (value, at) => [
  ...element({ options, option_groups: groups })(value, at),
  ...select((value ?? {}) as Json, at),
];
const picker = element({});
const button = element({
  text: required(plainText(75)),
  value: string(2_000),
  url: string(3_000),
  accessibility_label: string(75),
});
const image = shape({
  alt_text: required(string(2_000)),
  image_url: string(3_000),
  title: plainText(2_000),
});

export const elementRules: Readonly<Record<string, Rule>> = {
  button,
  checkboxes: element({ options: required(list(10, option)) }),
  channels_select: picker,
  conversations_select: picker,
  datepicker: picker,
  datetimepicker: picker,
  email_text_input: picker,
  external_select: picker,
  feedback_buttons: anything,
  file_input: picker,
  icon_button: element({}),
  image,
  multi_channels_select: picker,
  multi_conversations_select: picker,
  multi_external_select: picker,
  multi_static_select: staticSelect,
  multi_users_select: picker,
  number_input: picker,
  overflow: element({ options: required(list(5, option)) }),
  plain_text_input: picker,
  radio_buttons: element({ options: required(list(10, option)) }),
  rich_text_input: picker,
  static_select: staticSelect,
  timepicker: picker,
  url_text_input: picker,
  users_select: picker,
  workflow_button: button,
};

const anyElement = byType(elementRules);
const contextElement = byType({ image, mrkdwn: text(3_000), plain_text: text(3_000) });

/** The part of a rich text that holds text: a section, quote or preformatted, or the items of a list. */
function richTextProblems({ elements }: Json, at: string): readonly Problem[] {
  let length = 0;
  const problems = items(elements).flatMap((each, index) => {
    const parts =
      each.type === 'rich_text_list'
        ? items(each.elements).flatMap((item) => items(item.elements))
        : items(each.elements);
    const where = `${at}/elements/${index}`;
    length += parts.reduce((sum, part) => sum + String(part.text ?? '').length, 0);
    return [
      ...(parts.length === 0 ? advice(where, 'is empty') : []),
      ...parts.flatMap((part) => [
        ...(part.type === 'text' && !part.text
          ? refused(where, 'must be more than 0 characters')
          : []),
        ...(part.type === 'broadcast' ? advice(where, 'notifies everybody') : []),
        ...string(3_000)(part.url, `${where}/url`),
      ]),
    ];
  });
  return length > 3_000 ? [...problems, ...advice(at, `has ${length} characters`)] : problems;
}

function tableProblems({ rows }: Json, at: string): readonly Problem[] {
  const cells = items(rows).flatMap((row) => items(row));
  const length = cells.reduce((sum, cell) => sum + String(cell.text ?? '').length, 0);
  return [
    ...(cells.some((cell) => cell.type === 'raw_text' && !cell.text)
      ? refused(`${at}/rows`, 'a cell must be more than 0 characters')
      : []),
    ...(length > 10_000 ? refused(`${at}/rows`, 'no more than 10000 characters allowed') : []),
  ];
}

export const blockRules: Readonly<Record<string, Rule>> = {
  actions: shape({ elements: required(list(25, anyElement)) }),
  alert: anything,
  call: anything,
  card: anything,
  carousel: shape({ elements: list(10, anything) }),
  container: (value, at) => shape({ child_blocks: list(10, anyBlock) })(value, at),
  context: shape({ elements: required(list(10, contextElement)) }),
  context_actions: shape({ elements: required(list(5, anyElement)) }),
  data_table: anything,
  data_visualization: chartBlock,
  divider: shape({}),
  file: anything,
  header: shape({ text: required(plainText(150)) }),
  image,
  input: shape({
    label: required(plainText(2_000)),
    hint: plainText(2_000),
    element: required(anyElement),
  }),
  markdown: shape({ text: required(string(12_000)) }),
  plan: anything,
  rich_text: shape({ elements: required(list(500, anything, 0)) }, richTextProblems),
  section: shape(
    { text: text(3_000), fields: list(10, text(2_000)), accessory: anyElement },
    (block, at) =>
      block.text || block.fields ? [] : refused(at, 'missing required field: text or fields'),
  ),
  table: shape({ rows: required(list(100, list(20, anything))) }, tableProblems),
  task_card: anything,
  video: shape({
    alt_text: required(string(2_000)),
    title: required(plainText(200)),
    thumbnail_url: required(string(3_000)),
    video_url: required(string(3_000)),
  }),
};

const anyBlock: Rule = (value, at) => [
  ...byType(blockRules)(value, at),
  ...string(255)((value as Json | null)?.block_id, `${at}/block_id`),
];

/** How many blocks of a type one message or view may hold. */
export const MOST_OF_A_TYPE: Readonly<Record<string, number>> = { table: 1, data_visualization: 2 };

export const blockRule = anyBlock;
