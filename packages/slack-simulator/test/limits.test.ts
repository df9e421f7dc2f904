import { describe, expect, it } from 'vitest';
import { blockProblems, blockRefusals, messageProblems, viewProblems } from '../src/limits.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const long = (length: number) => 'x'.repeat(length);
const action = (element: object) => ({ type: 'actions', elements: [element] });
const button = (fields: object) => ({
  type: 'button',
  action_id: 'a',
  text: plain('Go'),
  ...fields,
});

function chart(type: string, series: number, categories: number, change: object = {}) {
  const names = Array.from({ length: categories }, (_, index) => `c${index}`);
  return {
    type: 'data_visualization',
    title: 'Scores',
    chart: {
      type,
      series: Array.from({ length: series }, (_, index) => ({
        name: `s${index}`,
        data: names.map((label) => ({ label, value: index })),
      })),
      axis_config: { categories: names, x_label: 'Week', y_label: 'Points' },
      ...change,
    },
  };
}

const axes = (axis_config: object) => chart('bar', 1, 1, { axis_config });

const pie = (segments: object[]) => ({
  type: 'data_visualization',
  title: 'Shares',
  chart: { type: 'pie', segments },
});

const segments = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ label: `s${index}`, value: 1 }));

describe('blocks within the limits', () => {
  it.each([
    ['a header', { type: 'header', text: plain(long(150)) }],
    ['a button', action(button({ value: long(2_000) }))],
    ['a line chart', chart('line', 6, 20)],
    ['a bar chart', chart('bar', 1, 1)],
    ['a pie chart', pie(segments(6))],
    ['an image', { type: 'image', image_url: 'https://a.example/b.png', alt_text: 'b' }],
  ])('%s has no problems', (_case, block) => {
    expect(blockProblems([block], 'message')).toEqual([]);
  });
});

describe('blocks over the limits', () => {
  it.each([
    ['an empty text', { type: 'header', text: plain('') }, '/text/text'],
    ['a long header', { type: 'header', text: plain(long(151)) }, '/text/text'],
    ['a section of nothing', { type: 'section' }, ''],
    ['a mrkdwn header', { type: 'header', text: { type: 'mrkdwn', text: 'x' } }, '/text/type'],
    ['a long button', action(button({ text: plain(long(76)) })), '/elements/0/text/text'],
    ['a long value', action(button({ value: long(2_001) })), '/elements/0/value'],
    [
      'a confirm dialog without a title',
      action(button({ confirm: { text: plain('?'), confirm: plain('Yes') } })),
      '/elements/0/confirm/title',
    ],
    [
      'a select without options',
      action({ type: 'static_select', action_id: 'a' }),
      '/elements/0/options',
    ],
    [
      'eleven context elements',
      { type: 'context', elements: Array(11).fill(plain('x')) },
      '/elements',
    ],
    ['an image without alt_text', { type: 'image', image_url: 'https://a.example' }, '/alt_text'],
    ['a table of 101 rows', { type: 'table', rows: Array(101).fill([{ type: 'x' }]) }, '/rows'],
    ['an empty cell', { type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }, '/rows'],
    ['an unknown element', action({ type: 'knob', action_id: 'a' }), '/elements/0/type'],
    ['a chart without a title', { ...chart('bar', 1, 1), title: undefined }, '/title'],
    ['a long chart title', { ...chart('bar', 1, 1), title: long(51) }, '/title'],
    ['an unknown kind of chart', chart('radar', 1, 1), '/chart/type'],
    ['13 series', chart('line', 13, 2), '/chart/series'],
    ['21 categories', chart('area', 1, 21), '/chart/axis_config/categories'],
    ['no series', chart('line', 0, 2), '/chart/series'],
    [
      'a series that lacks a category',
      chart('line', 1, 2, { series: [{ name: 's', data: [{ label: 'c0', value: 1 }] }] }),
      '/chart/series/0/data',
    ],
    [
      'a value that is no number',
      chart('bar', 1, 1, { series: [{ name: 's', data: [{ label: 'c0', value: Number.NaN }] }] }),
      '/chart/series/0/data/0/value',
    ],
    [
      'two series of one name',
      chart('bar', 1, 1, {
        series: ['s', 's'].map((name) => ({ name, data: [{ label: 'c0', value: 1 }] })),
      }),
      '/chart/series',
    ],
    [
      'an empty axis label',
      axes({ categories: ['c0'], x_label: '' }),
      '/chart/axis_config/x_label',
    ],
    ['a category twice', axes({ categories: ['c0', 'c0'] }), '/chart/axis_config/categories'],
    ['a long segment label', pie([{ label: long(21), value: 1 }]), '/chart/segments/0/label'],
    ['a segment of nothing', pie([{ label: 'a', value: 0 }]), '/chart/segments/0/value'],
  ])('%s is refused where it is', (_case, block, at) => {
    expect(blockRefusals([block], 'message').join()).toContain(`[json-pointer:/blocks/0${at}]`);
  });

  it('are counted per message and per view', () => {
    const dividers = Array(51).fill({ type: 'divider' });
    const charts = Array(3).fill(chart('bar', 1, 1));
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] };

    expect(blockRefusals(dividers, 'view')).toEqual([]);
    expect(blockRefusals(dividers, 'message')).toHaveLength(1);
    expect(blockRefusals(charts, 'message')).toHaveLength(1);
    expect(blockRefusals([table, table], 'message')).toHaveLength(1);
  });

  it('may not share a block_id', () => {
    const block = { type: 'divider', block_id: 'one' };

    expect(blockRefusals([block, block], 'message').join()).toContain('already exists');
  });
});

describe('what Slack takes and people suffer from', () => {
  it('is a problem but no refusal', () => {
    const markup = [{ type: 'section', text: { type: 'mrkdwn', text: '*hi*' } }];
    const wide = [pie(segments(7))];

    expect(blockProblems(markup, 'message')).toHaveLength(1);
    expect(blockProblems(wide, 'message')).toHaveLength(1);
    expect(blockRefusals([...markup, ...wide], 'message')).toEqual([]);
  });

  it.each([
    ['no fallback text', ''],
    ['a mention in it', 'Hi <!channel>'],
    ['too much of it', long(4_001)],
  ])('is found in a message: %s', (_case, text) => {
    expect(messageProblems({ text, blocks: [{ type: 'divider' }] })).toHaveLength(1);
  });
});

describe('viewProblems', () => {
  it('checks titles, private_metadata and callback_id', () => {
    const view = {
      type: 'modal',
      title: plain(long(25)),
      blocks: [{ type: 'divider' }],
      private_metadata: long(3_001),
      callback_id: long(256),
    };

    expect(viewProblems(view)).toHaveLength(3);
  });
});
