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

const filled =
  (most: number): Rule =>
  (value, at) =>
    value === '' ? refused(at, 'must be more than 0 characters') : string(most)(value, at);

const label = required(filled(20));

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
      shape({ categories: required(list(20, label)), x_label: filled(50), y_label: filled(50) }),
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
      ...unique(categoriesOf(chart), `${at}/axis_config/categories`, 'categories must be unique'),
      ...series.flatMap((each, index) => pointProblems(chart, each, `${at}/series/${index}`)),
      ...moreThanSure(series, `${at}/series`),
    ];
  },
);

/** Every series has exactly one value for every category. */
function pointProblems(chart: Json, series: Json, at: string): readonly Problem[] {
  const wanted = categoriesOf(chart).map(String);
  const given = items(series.data).map((point) => String(point.label));
  const isSame = (a: readonly string[], b: readonly string[]) =>
    JSON.stringify(a) === JSON.stringify(b);
  if (isSame(wanted, given)) return [];
  return isSame(wanted.toSorted(), given.toSorted())
    ? advice(`${at}/data`, 'is not in the order of the categories')
    : refused(`${at}/data`, 'must have one value for every category');
}

const categoriesOf = ({ axis_config }: Json) =>
  items((axis_config as Json | undefined)?.categories);

function moreThanSure(list: readonly Json[], at: string): Problem[] {
  return list.length > SURE ? advice(at, `more than ${SURE} may be refused`) : [];
}

export const chartBlock = shape({
  title: required(filled(50)),
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
