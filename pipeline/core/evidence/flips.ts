import type { Predictions } from '../gate/predictions.ts';

/** Rows by which of the two models is right. */
export interface Flips {
  /** Only the candidate is right. */
  readonly won: number;
  /** Only production is right. */
  readonly lost: number;
  readonly bothRight: number;
  readonly bothWrong: number;
}

/** An answer with its score; null where none is stored. */
export interface ScoredAnswer {
  readonly label: string;
  readonly score: number | null;
}

/** A row that people look at before they decide. */
export interface ChosenRow {
  readonly id: string;
  readonly label: string;
  /** `wrong`: the candidate's mistake, where there is nothing to compare it with. */
  readonly kind: 'lost' | 'won' | 'wrong';
  readonly candidate: ScoredAnswer;
  readonly production: ScoredAnswer | null;
}

/** Rows chosen of each kind. */
export const MOST_CHOSEN = 5;

/** Counts the rows on which the two agree and differ; null without production. */
export function flipsOf({ label, candidate, production }: Predictions): Flips | null {
  if (production === null) return null;
  const flips = { won: 0, lost: 0, bothRight: 0, bothWrong: 0 };
  for (let row = 0; row < label.length; row++) {
    flips[kindOf(label[row], candidate[row], production[row])] += 1;
  }
  return flips;
}

/**
 * The rows to look at: the lost ones, then the won ones, at most {@link MOST_CHOSEN} of each, those
 * first whose wrong answer had the highest score (equal scores: by id). Without production, the
 * candidate's mistakes in the same order.
 */
export function chooseRows(predictions: Predictions): readonly ChosenRow[] {
  const { label, candidate, production, scores } = predictions;
  const kinds = { lost: [] as number[], won: [] as number[], wrong: [] as number[] };
  for (let row = 0; row < label.length; row++) {
    if (production === null) {
      if (candidate[row] !== label[row]) kinds.wrong.push(row);
      continue;
    }
    const kind = kindOf(label[row], candidate[row], production[row]);
    if (kind === 'lost' || kind === 'won') kinds[kind].push(row);
  }
  const answer = (of: 'candidate' | 'production', row: number): ScoredAnswer => ({
    label: predictions[of]?.[row] ?? '',
    score: scores?.[of]?.[row] ?? null,
  });
  return (['lost', 'won', 'wrong'] as const).flatMap((kind) =>
    surestFirst(kinds[kind], predictions, scores?.[kind === 'won' ? 'production' : 'candidate'])
      .slice(0, MOST_CHOSEN)
      .map((row) => ({
        id: predictions.id[row] ?? '',
        label: label[row] ?? '',
        kind,
        candidate: answer('candidate', row),
        production: production === null ? null : answer('production', row),
      })),
  );
}

function surestFirst(
  rows: readonly number[],
  { id }: Predictions,
  scores: readonly number[] | null | undefined,
): readonly number[] {
  const byId = (a: number, b: number) => ((id[a] ?? '') < (id[b] ?? '') ? -1 : 1);
  return [...rows].sort((a, b) => (scores?.[b] ?? 0) - (scores?.[a] ?? 0) || byId(a, b));
}

function kindOf(
  label: string | undefined,
  candidate: string | undefined,
  production: string | undefined,
): keyof Flips {
  if (candidate === label) return production === label ? 'bothRight' : 'won';
  return production === label ? 'lost' : 'bothWrong';
}
