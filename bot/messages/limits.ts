/** Slack's limits on messages, modals and the Home tab (docs.slack.dev/reference/block-kit). */

type Json = Readonly<Record<string, unknown>>;

/** Everything about `blocks` that Slack would refuse, one line each; empty when all is well. */
export function blockProblems(blocks: readonly object[], surface: 'message' | 'view'): string[] {
  const most = surface === 'message' ? 50 : 100;
  const problems = blocks.length > most ? [`${blocks.length} blocks, at most ${most}`] : [];
  if (blocks.length === 0) problems.push('no blocks');
  const tables = (blocks as readonly Json[]).filter(({ type }) => type === 'table').length;
  if (tables > 1) problems.push(`${tables} tables, at most 1`);
  const charts = (blocks as readonly Json[]).filter(({ type }) => type === 'data_visualization');
  problems.push(...atMost(charts, 2, 'charts'));
  for (const [index, block] of (blocks as readonly Json[]).entries()) {
    problems.push(
      ...checkBlock(block).map((problem) => `block ${index} (${block.type}): ${problem}`),
    );
  }
  return [...problems, ...duplicates(blocks as readonly Json[])];
}

export function messageProblems(message: { text: string; blocks: readonly object[] }): string[] {
  const problems = blockProblems(message.blocks, 'message');
  if (message.text.trim() === '') problems.push('no fallback text');
  if (message.text.length > 4_000) problems.push('fallback text over 4000');
  if (/<[!@#]/.test(message.text)) problems.push('fallback text holds a mention');
  return problems;
}

export function viewProblems(view: object): string[] {
  const json = view as Json;
  const problems = blockProblems(json.blocks as readonly object[], 'view');
  if (json.type === 'modal') {
    for (const field of ['title', 'submit', 'close']) {
      if (json[field] !== undefined) problems.push(...text(json[field], 24, field));
    }
  }
  if (String(json.private_metadata ?? '').length > 3_000)
    problems.push('private_metadata over 3000');
  if (String(json.callback_id ?? '').length > 255) problems.push('callback_id over 255');
  return problems;
}

function checkBlock(block: Json): string[] {
  switch (block.type) {
    case 'header':
      return text(block.text, 150, 'header');
    case 'section':
      return checkSection(block);
    case 'context':
      return [
        ...atMost(list(block.elements), 10, 'elements'),
        ...list(block.elements).flatMap((each) => text(each, 3_000, 'context')),
      ];
    case 'actions':
      return [
        ...atMost(list(block.elements), 25, 'elements'),
        ...list(block.elements).flatMap(checkElement),
      ];
    case 'input':
      return [...text(block.label, 2_000, 'label'), ...checkElement(block.element as Json)];
    case 'rich_text':
      return checkRichText(block);
    case 'table':
      return checkTable(block);
    case 'data_visualization':
      return checkChart(block);
    case 'divider':
      return [];
    default:
      return [`a kind of block no message here uses`];
  }
}

function checkTable(block: Json): string[] {
  const rows = Array.isArray(block.rows) ? (block.rows as Json[][]) : [];
  const cells = rows.flat();
  const characters = cells.reduce((sum, cell) => sum + String(cell.text ?? '').length, 0);
  return [
    ...atMost(rows, 100, 'rows'),
    ...rows.flatMap((row) => atMost(row, 20, 'cells')),
    ...(cells.some((cell) => cell.type === 'raw_text' && !cell.text) ? ['an empty cell'] : []),
    ...(characters > 10_000 ? [`${characters} characters in a table, at most 10000`] : []),
  ];
}

/** Line and bar charts. The reference page allows 6 series; an older changelog said 12. */
function checkChart(block: Json): string[] {
  const chart = block.chart as Json;
  const axes = chart.axis_config as Json;
  const categories = list(axes.categories) as unknown as readonly string[];
  const series = list(chart.series);
  const names = series.map(({ name }) => name);
  return [
    ...[block.title, axes.x_label, axes.y_label].flatMap((title) => label(title, 50, 'title')),
    ...[...categories, ...names].flatMap((name) => label(name, 20, 'label')),
    ...atMost(categories, 20, 'categories'),
    ...atMost(series, 6, 'series'),
    ...(categories.length === 0 || series.length === 0 ? ['a chart of nothing'] : []),
    ...[categories, names].flatMap((all) => (new Set(all).size < all.length ? ['twins'] : [])),
    ...series.flatMap(({ data }) => checkSeries(list(data), categories)),
  ];
}

function checkSeries(data: readonly Json[], categories: readonly string[]): string[] {
  const isWhole =
    data.length === categories.length && data.every(({ label }, at) => label === categories[at]);
  return [
    ...(isWhole ? [] : ['a series that does not have every category']),
    ...(data.every(({ value }) => Number.isFinite(value)) ? [] : ['a value that is no number']),
  ];
}

function label(value: unknown, most: number, name: string): string[] {
  return typeof value !== 'string' || value === '' || value.length > most
    ? [`${name} ${JSON.stringify(value)} is empty or over ${most}`]
    : [];
}

function checkSection(block: Json): string[] {
  const fields = list(block.fields);
  return [
    ...(block.text === undefined && fields.length === 0 ? ['neither text nor fields'] : []),
    ...(block.text === undefined ? [] : text(block.text, 3_000, 'text')),
    ...atMost(fields, 10, 'fields'),
    ...fields.flatMap((field) => text(field, 2_000, 'field')),
    ...(block.accessory === undefined ? [] : checkElement(block.accessory as Json)),
  ];
}

function checkElement(element: Json): string[] {
  const problems = String(element.action_id ?? '').length > 255 ? ['action_id over 255'] : [];
  if (!element.action_id) problems.push('no action_id');
  if (element.type === 'button') {
    problems.push(...text(element.text, 75, 'button'));
    if (String(element.value ?? '').length > 2_000) problems.push('button value over 2000');
  }
  if (element.type === 'static_select') {
    const options = list(element.options);
    problems.push(...atMost(options, 100, 'options'));
    if (options.length === 0) problems.push('a select without options');
    for (const option of options) {
      problems.push(...text(option.text, 75, 'option'));
      if (String(option.value).length > 150) problems.push('option value over 150');
    }
  }
  if (element.confirm !== undefined) problems.push(...checkConfirm(element.confirm as Json));
  return problems;
}

function checkConfirm(confirm: Json): string[] {
  return [
    ...text(confirm.title, 100, 'confirm title'),
    ...text(confirm.text, 300, 'confirm text'),
    ...text(confirm.confirm, 30, 'confirm button'),
    ...text(confirm.deny, 30, 'deny button'),
  ];
}

function checkRichText(block: Json): string[] {
  const problems: string[] = [];
  let length = 0;
  for (const element of list(block.elements)) {
    const parts =
      element.type === 'rich_text_list'
        ? list(element.elements).flatMap((item) => list(item.elements))
        : list(element.elements);
    if (parts.length === 0) problems.push(`an empty ${element.type}`);
    for (const part of parts) {
      if (part.type === 'text' && !part.text) problems.push('an empty text element');
      if (part.type === 'broadcast') problems.push('a broadcast');
      if (String(part.url ?? '').length > 3_000) problems.push('a link over 3000');
      length += String(part.text ?? '').length;
    }
  }
  if (length > 3_000) problems.push(`${length} characters of rich text, at most 3000`);
  return problems;
}

function text(value: unknown, most: number, name: string): string[] {
  const object = value as { type?: string; text?: string } | undefined;
  if (object?.text === undefined || object.text === '') return [`${name} is empty`];
  if (object.text.length > most) return [`${name} has ${object.text.length} of ${most} characters`];
  return object.type === 'mrkdwn' ? [`${name} is mrkdwn, which parses what people typed`] : [];
}

function duplicates(blocks: readonly Json[]): string[] {
  const ids = blocks.flatMap((block) => (block.block_id ? [String(block.block_id)] : []));
  return new Set(ids).size === ids.length ? [] : ['two blocks with one block_id'];
}

function atMost(values: readonly unknown[], most: number, name: string): string[] {
  return values.length > most ? [`${values.length} ${name}, at most ${most}`] : [];
}

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
