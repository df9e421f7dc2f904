import type { RichTextBlock } from '@slack/types';
import { type Calibration, SURE } from '../../../pipeline/core/evidence/calibration.ts';
import type { Evidence } from '../../../pipeline/core/evidence/evidence.ts';
import type { EvidenceReport } from '../../../pipeline/core/evidence/evidence-report.ts';
import {
  type ChosenRow,
  MOST_CHOSEN,
  type ScoredAnswer,
} from '../../../pipeline/core/evidence/flips.ts';
import { shown, truncate } from '../../blocks/escape.ts';
import { count, figure, plural } from '../../blocks/format.ts';
import { bold, bullets, type Line, lines, richText } from '../../blocks/rich-text.ts';
import type { Names } from './evidence-tables.ts';

const MOST_CONTENT = 200;
const MOST_LABEL = 32;

/** Whether the scores mean what they say. */
export function calibrationBlock({ candidate, production }: Evidence, names: Names): RichTextBlock {
  const own = candidate.calibration;
  const live = production?.calibration ?? null;
  if (own === null)
    return lines([bold('Scores: '), 'not stored, so their calibration is not known.']);
  return lines(
    [
      bold('Scores: '),
      `expected calibration error ${percent(own.expectedError)}`,
      live === null ? '' : ` (${names.production}: ${percent(live.expectedError)})`,
      ' over 10 bins of equal width; ',
      `${count(own.sureErrors)} of ${plural(own.errors, 'error')} ${own.sureErrors === 1 || own.errors === 1 ? 'has' : 'have'} a score above ${SURE}`,
      live === null
        ? '.'
        : ` (${names.production}: ${count(live.sureErrors)} of ${count(live.errors)}).`,
    ],
    overConfidence(own),
  );
}

function overConfidence({ isOverConfident, meanScore }: Calibration): Line {
  return isOverConfident
    ? [
        `The scores are over-confident: they average ${figure(meanScore)}, more than the 95 % interval of the accuracy allows.`,
      ]
    : [];
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** How many rows flipped, and those chosen by a rule that stands above them. */
export function rowsBlocks(
  { evidence, contents }: Pick<EvidenceReport, 'evidence' | 'contents'>,
  names: Names,
): readonly RichTextBlock[] {
  const { flips, chosen, candidate } = evidence;
  const wrong = evidence.rows - Math.round(candidate.accuracy.estimate * evidence.rows);
  // A list for each kind: Slack limits the text of a block.
  const lists = (['lost', 'won', 'wrong'] as const)
    .map((kind) => chosen.filter((row) => row.kind === kind))
    .filter((rows) => rows.length > 0)
    .map((rows) => richText(bullets(rows.map((row) => rowLine(row, names, contents)))));
  return [
    flips === null
      ? lines([
          bold(`${names.candidate} is wrong on ${plural(wrong, 'row')}. `),
          wrong === 0 ? '' : rule(false),
        ])
      : lines([
          bold(`Won ${plural(flips.won, 'row')}, lost ${count(flips.lost)}. `),
          `Only ${names.candidate} is right on the won rows, only ${names.production} on the lost ones; both are right on ${count(flips.bothRight)} and wrong on ${count(flips.bothWrong)}. `,
          chosen.length === 0 ? '' : rule(true),
        ]),
    ...lists,
  ];
}

const rule = (isCompared: boolean) =>
  isCompared
    ? `Lost rows first, then won ones, at most ${MOST_CHOSEN} of each; among them those whose wrong answer had the highest score:`
    : `At most ${MOST_CHOSEN} of them, those with the highest score:`;

const kinds = { lost: 'Lost', won: 'Won', wrong: 'Wrong' } as const;

function rowLine(row: ChosenRow, names: Names, contents: EvidenceReport['contents']): Line {
  const { id, label, kind, candidate, production } = row;
  const content = contents.status === 'shown' ? contents.byId[id] : undefined;
  const said = (name: string, { label: answer, score }: ScoredAnswer) =>
    `, ${name} says ${shown(answer, MOST_LABEL)}${score === null ? '' : ` (${figure(score)})`}`;
  return [
    bold(kinds[kind]),
    ` · is ${shown(label, MOST_LABEL)}`,
    said(names.candidate, candidate),
    production === null ? '' : said(names.production, production),
    content === undefined
      ? ` · row ${shown(id, 24)}`
      : `: ${shown(truncate(content, MOST_CONTENT), MOST_CONTENT)}`,
  ];
}
