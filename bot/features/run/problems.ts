import type { PrepareReport } from '../../../pipeline/core/python-contract.ts';
import { shown } from '../../blocks/escape.ts';
import { count } from '../../blocks/format.ts';
import { bold, type Line } from '../../blocks/rich-text.ts';

type Problem = PrepareReport['errors'][number];

/** One problem of a dataset: where it is, and what is wrong. */
export function problemLine(problem: Problem): Line {
  const place = [
    problem.row === null ? '' : `Row ${count(problem.row)}`,
    problem.column === null ? '' : `column “${shown(problem.column, 40)}”`,
  ].filter(Boolean);
  const where = place.length === 0 ? '' : `${place.join(', ')}: `;
  return [where === '' ? '' : bold(where), shown(problem.message, 160)];
}
