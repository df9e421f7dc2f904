import { standingOf } from '../baseline.ts';
import { count, percent } from './facts.ts';
import type { CardFacts } from './model-card.ts';

/** Figures of a class with fewer held-out rows than this are hardly known. */
const FEW_ROWS = 30;
/** Widest 95 % interval of macro-F1 that is not mentioned. */
const WIDE = 0.05;
/** A label rarer than this is mentioned. */
const RARE = 0.05;
/** A network that reads less of the text may miss what decides. */
const LEAST_READ = 0.5;
const MOST_NAMED = 10;

/** What follows from the data and the figures, each with its number. */
export function limitationsOf(facts: CardFacts): readonly string[] {
  return [
    'Evaluated on held-out rows of its own dataset: this says little about texts or tables from elsewhere.',
    ...ofEvaluation(facts),
    ...ofData(facts),
    ...ofComparison(facts),
  ];
}

function ofEvaluation({ alone }: CardFacts): readonly string[] {
  if (alone === null) return [];
  const { macroF1, perClass, calibration } = alone.candidate;
  const few = perClass.filter(({ rows }) => rows < FEW_ROWS);
  const width = macroF1.upper - macroF1.lower;
  return [
    ...(few.length === 0
      ? []
      : [
          `Fewer than ${FEW_ROWS} held-out rows, so hardly known: ${named(few.map(({ label, rows }) => `“${label}” (${rows})`))}.`,
        ]),
    ...(width > WIDE ? [`The 95 % interval of macro-F1 is ${points(width)} wide.`] : []),
    ...(calibration?.isOverConfident === true
      ? ['Its scores are over-confident: their mean lies above the 95 % interval of the accuracy.']
      : []),
  ];
}

function ofData({ run: { prepared, training } }: CardFacts): readonly string[] {
  const labels = Object.entries(prepared?.labels ?? {});
  const all = labels.reduce((sum, [, value]) => sum + value, 0);
  const rare = labels.filter(([, value]) => value / all < RARE);
  const conflicting = prepared?.rows.conflicting ?? 0;
  const read = training?.metrics?.textRead;
  return [
    ...(rare.length === 0
      ? []
      : [
          `Rare in the data: ${named(rare.map(([label, value]) => `“${label}” (${percent(value / all)})`))}.`,
        ]),
    ...(conflicting === 0
      ? []
      : [`${count(conflicting)} rows have the same content and different labels.`]),
    ...(read !== undefined && read.network < LEAST_READ
      ? [`The network reads ${percent(read.network)} of the texts.`]
      : []),
  ];
}

function ofComparison({ run, compared }: CardFacts): readonly string[] {
  const { evaluatedAgainst, verdict, evaluation } = run;
  const baseline = verdict?.baseline;
  const isLevel = baseline !== undefined && standingOf(baseline) !== 'better';
  return [
    ...(evaluatedAgainst === null
      ? ['Nothing was in production to compare it with.']
      : compared?.production == null
        ? [`v${evaluatedAgainst}, in production at that time, has no answers to these rows.`]
        : []),
    ...(isLevel ? [`Not proven better than ${evaluation?.baseline?.name ?? 'the baseline'}.`] : []),
  ];
}

function named(all: readonly string[]): string {
  const rest = all.length - MOST_NAMED;
  return [...all.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

const points = (share: number): string => `${(share * 100).toFixed(1)} points`;
