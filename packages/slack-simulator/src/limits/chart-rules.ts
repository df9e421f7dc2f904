/** The `data_visualization` block (docs.slack.dev/reference/block-kit/blocks/data-visualization-block). */
import {
  advice,
  byType,
  items,
  type Json,
  list,
  type Problem,
  type Rule,
  refused,
  required,
  shape,
  string,
  unique,
} from './rules.ts';

/** The changelog allows 12 series or segments, the reference page 6. */
const MOST = 12;
const SURE = 6;

const label = required(string(20));

const number: Rule = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? [] : refused(at, 'must be a number');

const positive: Rule = (value, at) =>
  typeof value === 'number' && value > 0 && Number.isFinite(value)
    ? []
    : refused(at, 'must be a positive number');

const cartesian = shape(
  {
    series: required(
      list(MOST, shape({ name: label, data: required(list(20, shape({ label, value: number }))) })),
    ),
    axis_config: required(
      shape({ categories: required(list(20, label)), x_label: string(50), y_label: string(50) }),
    ),
  },
  (chart, at) => {
    const series = items(chart.series);
    return [
      ...unique(
        series.map(({ name }) => name),
        `${at}/series`,
        'series names must be unique',
      ),
      ...series.flatMap((each, index) => missingPoints(chart, each, `${at}/series/${index}`)),
      ...moreThanSure(series, `${at}/series`),
    ];
  },
);

/** Every series has exactly one value for every category. */
function missingPoints(chart: Json, series: Json, at: string): Problem[] {
  const { categories } = (chart.axis_config ?? {}) as Json;
  const wanted = [...items(categories)].map(String).sort();
  const given = items(series.data)
    .map((point) => String(point.label))
    .sort();
  return JSON.stringify(wanted) === JSON.stringify(given)
    ? []
    : refused(`${at}/data`, 'must have one value for every category');
}

function moreThanSure(list: readonly Json[], at: string): Problem[] {
  return list.length > SURE ? advice(at, `more than ${SURE} may be refused`) : [];
}

export const chartBlock = shape({
  title: required(string(50)),
  chart: required(
    byType({
      line: cartesian,
      bar: cartesian,
      area: cartesian,
      pie: shape(
        { segments: required(list(MOST, shape({ label, value: positive }))) },
        ({ segments }, at) => moreThanSure(items(segments), `${at}/segments`),
      ),
    }),
  ),
});
