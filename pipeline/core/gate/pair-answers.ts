import { filterSlices, type Predictions } from './predictions.ts';

/** What one version answered to the held-out rows of its own run. */
export type VersionAnswers = Pick<Predictions, 'id' | 'label' | 'candidate' | 'slices'> & {
  /** Left out, or null, where they are not stored. */
  readonly score?: readonly number[] | null;
};

/**
 * The answers of several versions, each from its own run, side by side on the rows that candidate and
 * production share: ids follow from content, so a row has the same one in every version of a dataset.
 * A row whose label was changed between them is left out. The anchor may lack some rows (empty). What a
 * row belongs to is taken from where the candidate answered.
 */
export function pairAnswers({
  candidate,
  production,
  anchor,
}: Readonly<
  Record<'candidate' | 'production' | 'anchor', VersionAnswers | null | undefined>
>): Predictions {
  const own: VersionAnswers = candidate ?? { id: [], label: [], candidate: [] };
  const live = byId(production);
  const best = byId(anchor);
  const shared = own.id.flatMap((id, row) => {
    const label = own.label[row] ?? '';
    const other = live.get(id);
    if (production != null && other?.label !== label) return [];
    const scores = { own: own.score?.[row] ?? Number.NaN, live: other?.score ?? Number.NaN };
    return [{ id, row, label, own: own.candidate[row] ?? '', live: other?.answer ?? '', scores }];
  });
  const isScored = own.score != null || production?.score != null;
  const kept = new Set(shared.map(({ row }) => row));
  return {
    id: shared.map(({ id }) => id),
    label: shared.map(({ label }) => label),
    candidate: shared.map((row) => row.own),
    production: production == null ? null : shared.map((row) => row.live),
    anchor: anchor == null ? null : shared.map(({ id }) => best.get(id)?.answer ?? ''),
    ...(isScored
      ? {
          scores: {
            candidate: own.score == null ? null : shared.map(({ scores }) => scores.own),
            production: production?.score == null ? null : shared.map(({ scores }) => scores.live),
            anchor: null,
          },
        }
      : {}),
    ...filterSlices(own.slices, (row) => kept.has(row)),
  };
}

function byId(answers: VersionAnswers | null | undefined) {
  return new Map(
    answers?.id.map((id, row) => [
      id,
      {
        label: answers.label[row] ?? '',
        answer: answers.candidate[row] ?? '',
        score: answers.score?.[row],
      },
    ]),
  );
}
