import type { Run } from '../../../pipeline/core/run.ts';
import { type ChartBlock, chartBlock } from '../../blocks/chart.ts';
import { shown } from '../../blocks/escape.ts';
import { metricTitles } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';

/** Most classes drawn, those that changed most first: more names do not fit under the bars. */
const MOST_CLASSES = 7;
/** Characters of all names together that fit under the axis side by side. */
const AXIS_CHARACTERS = 72;

/**
 * The change of every class against production beside what the gate allows; the scores themselves
 * when there is no production. Null before the evaluation. The value axis of Slack's charts always
 * begins at 0, so scores between .94 and .98 would all look the same: differences do not.
 */
export function evaluationChart(run: Run, facts: ModelFacts): ChartBlock | null {
  const { evaluation } = run;
  if (evaluation === null) return null;
  return evaluation.production === null ? scoresChart(run, facts) : changesChart(run, facts);
}

interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Recall, because that is what the gate holds each class to. */
function changesChart({ evaluation, evaluatedAgainst }: Run, facts: ModelFacts): ChartBlock | null {
  const { metric, gate } = facts;
  const overall = difference(
    evaluation?.candidate.metrics,
    evaluation?.production?.metrics,
    metric,
  );
  const changes = Object.entries(evaluation?.candidate.perClass ?? {})
    .flatMap(([name, { recall }]): Bar[] => {
      const before = evaluation?.production?.perClass[name]?.recall;
      return before === undefined ? [] : [{ name, value: recall - before }];
    })
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const [drawn, others] = split(changes);
  const bars = [...(overall === null ? [] : [{ name: metricTitles[metric], value: overall }])];
  const limits = gate && [
    ...bars.map(() => -gate.nonInferiorityMargin),
    ...drawn.map(() => -gate.maxRecallDrop),
  ];
  const production = evaluatedAgainst === null ? 'production' : `v${evaluatedAgainst}`;
  const [widest] = others;
  return barChart({
    title: `${metricTitles[metric]} and recall: change against ${production}`,
    bars: [...bars, ...drawn],
    name: 'change',
    limits,
    xLabel:
      widest === undefined
        ? `${metricTitles[metric]}, then the recall of each class`
        : `${metricTitles[metric]}, recall; ${others.length} others within ±${inHundredths(Math.abs(widest.value))} points`,
    yLabel: `points against ${production}`,
  });
}

function scoresChart({ evaluation }: Run, { metric }: ModelFacts): ChartBlock | null {
  const overall = evaluation?.candidate.metrics[metric];
  const scores = Object.entries(evaluation?.candidate.perClass ?? {})
    .map(([name, { f1 }]): Bar => ({ name, value: f1 }))
    .sort((a, b) => a.value - b.value);
  const [drawn, others] = split(scores);
  const [lowest] = others;
  return barChart({
    title: 'Scores of the first version, in percent',
    bars: [
      ...(overall === undefined ? [] : [{ name: metricTitles[metric], value: overall }]),
      ...drawn,
    ],
    name: 'candidate',
    limits: undefined,
    xLabel:
      lowest === undefined
        ? `${metricTitles[metric]}, then the F1 of each class`
        : `${metricTitles[metric]}, F1; ${others.length} others from ${inHundredths(lowest.value)} %`,
    yLabel: '%',
  });
}

function barChart(input: {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly name: string;
  readonly limits: readonly number[] | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
}): ChartBlock | null {
  const { bars, name, limits, ...labels } = input;
  const room = Math.max(8, Math.floor(AXIS_CHARACTERS / Math.max(1, bars.length)));
  return chartBlock({
    ...labels,
    kind: 'bar',
    categories: bars.map((bar) => shown(bar.name, room)),
    series: [
      { name, values: bars.map(({ value }) => value * 100) },
      ...(limits === undefined
        ? []
        : [{ name: 'gate limit', values: limits.map((limit) => limit * 100) }]),
    ],
  });
}

function split(bars: readonly Bar[]): readonly [drawn: readonly Bar[], others: readonly Bar[]] {
  return [bars.slice(0, MOST_CLASSES), bars.slice(MOST_CLASSES)];
}

const inHundredths = (share: number): string => (share * 100).toFixed(1);

function difference(
  now: Readonly<Record<string, number>> | undefined,
  before: Readonly<Record<string, number>> | undefined,
  name: string,
): number | null {
  const [from, to] = [before?.[name], now?.[name]];
  return from === undefined || to === undefined ? null : to - from;
}
