import type { Block } from '@slack/types';
import { shown, truncate } from './escape.ts';

/**
 * Slack's own chart, the part of it that is used here. `@slack/types` 3.2.0 lacks the type:
 * docs.slack.dev/reference/block-kit/blocks/data-visualization-block
 */
export interface ChartBlock extends Block {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line' | 'bar';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: {
      readonly categories: readonly string[];
      readonly x_label: string;
      readonly y_label: string;
    };
  };
}

export interface ChartInput {
  readonly kind: 'line' | 'bar';
  readonly title: string;
  /** Names along the x axis; shortened here, and told apart where they would look the same. */
  readonly categories: readonly string[];
  /** The values of a series are in the order of the categories. */
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly xLabel: string;
  readonly yLabel: string;
}

const MOST_CATEGORIES = 20;
/** The reference page says 6; the changelog of June 2026 said 12. */
const MOST_SERIES = 6;
/** Of titles, also those of the axes, in characters. */
const LONGEST_TITLE = 50;
/** Slack allows 20; two are left for the marks around a name that is read from right to left. */
const LONGEST_LABEL = 18;

/** A chart within Slack's limits; null when there is nothing Slack would draw. */
export function chartBlock(input: ChartInput): ChartBlock | null {
  const { kind, title, series, xLabel, yLabel } = input;
  if (!isDrawable(input)) return null;
  const categories = uniqueLabels(input.categories);
  const names = uniqueLabels(series.map(({ name }) => name));
  return {
    type: 'data_visualization',
    title: truncate(title, LONGEST_TITLE),
    chart: {
      type: kind,
      series: series.map(({ values }, index) => ({
        name: names[index] ?? '',
        data: categories.map((label, at) => ({ label, value: rounded(values[at] ?? 0) })),
      })),
      axis_config: {
        categories,
        x_label: truncate(xLabel, LONGEST_TITLE),
        y_label: truncate(yLabel, LONGEST_TITLE),
      },
    },
  };
}

export function isChart({ type }: { readonly type: string }): boolean {
  return type === 'data_visualization';
}

function isDrawable({ categories, series }: ChartInput): boolean {
  return (
    categories.length > 0 &&
    categories.length <= MOST_CATEGORIES &&
    series.length > 0 &&
    series.length <= MOST_SERIES &&
    series.every(
      ({ values }) => values.length === categories.length && values.every(Number.isFinite),
    )
  );
}

function uniqueLabels(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    // Slack rejects a chart with an empty label.
    const text = shown(name, LONGEST_LABEL) || '(empty)';
    let label = text;
    for (let twin = 2; taken.has(label); twin += 1) {
      label = `${shown(text, LONGEST_LABEL - 5)} (${twin})`;
    }
    taken.add(label);
    return label;
  });
}

/** Two decimals, and no −0, which would be shown with its sign. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
