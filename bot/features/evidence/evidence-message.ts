import type { ModalView } from '@slack/web-api';
import type { EvidenceReport } from '../../../pipeline/core/evidence/evidence-report.ts';
import type { ChosenRow } from '../../../pipeline/core/evidence/flips.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { modalText } from '../../blocks/modal.ts';
import { bold, type Line, lines } from '../../blocks/rich-text.ts';
import { calibrationBlock, rowsBlocks } from './evidence-lines.ts';
import {
  classesBlock,
  confusionBlock,
  type Names,
  scoresBlock,
  slicesBlock,
} from './evidence-tables.ts';

/** Why a reader sees ids in place of rows. */
export type Withheld = 'rights' | 'public' | null;

/** What people look at before they decide, for one reader. */
export function evidenceMessage(report: EvidenceReport, withheld: Withheld = null): Message {
  const { model, version, runId, evidence } = report;
  const names = namesOf(report);
  const slices = slicesBlock(evidence, names);
  const aboutRows = contentsLine(report, withheld);
  const title = `Evidence on ${version === null ? `the candidate of ${runId}` : `${model} v${version}`}`;
  return message(title, [
    lines([bold(title), comparedWith(report, names)], ...cautions(report)),
    scoresBlock(evidence, names),
    ...rowsBlocks(report, names),
    ...(aboutRows === null ? [] : [lines([aboutRows])]),
    confusionBlock(evidence, names),
    classesBlock(evidence, names),
    ...(slices === null ? [] : [slices]),
    calibrationBlock(evidence, names),
  ]);
}

/** The same as a modal. */
export function evidenceModal(content: Message): ModalView {
  return {
    type: 'modal',
    title: modalText('Evidence'),
    close: modalText('Close'),
    blocks: [...content.blocks],
  };
}

function namesOf({ version, against }: EvidenceReport): Names {
  return {
    candidate: version === null ? 'candidate' : `v${version}`,
    production: against === null ? 'production' : `v${against}`,
  };
}

function comparedWith(
  { evidence, against, isProductionNow }: EvidenceReport,
  names: Names,
): string {
  const rows = plural(evidence.rows, 'held-out row');
  if (against === null) return ` on ${rows}; nothing was in production to compare with.`;
  const place = isProductionNow ? 'in production' : 'in production at that time';
  return evidence.production === null
    ? ` alone, on ${rows}; ${names.production} is ${place}.`
    : ` beside ${names.production} (${place}), on the same ${rows}.`;
}

function cautions({ evidence, obstacle, isSeenUnknown, against }: EvidenceReport): readonly Line[] {
  return [
    obstacle === null ? [] : [`⚠️ Not comparable: ${shown(obstacle, 400)}`],
    evidence.leftOut === 0
      ? []
      : [
          `${plural(evidence.leftOut, 'held-out row')} left out: v${against} was trained on them or on nearly the same.`,
        ],
    isSeenUnknown ? [`It is not known which of these rows v${against} was trained on.`] : [],
  ];
}

function contentsLine(
  { evidence, contents, model }: EvidenceReport,
  withheld: Withheld,
): string | null {
  if (evidence.chosen.length === 0) return null;
  if (contents.status === 'shown') return missingRows(evidence.chosen, contents.byId);
  if (contents.status === 'policy') {
    return `The rows stay in the artifact store: evidence.showRows is off for ${model}.`;
  }
  return withheld === 'rights'
    ? `Operators and approvers of ${model} see the rows themselves.`
    : `The rows themselves are shown privately, by the button of the card or /mlops evidence ${model}.`;
}

function missingRows(
  chosen: readonly ChosenRow[],
  byId: Readonly<Record<string, string>>,
): string | null {
  const missing = chosen.filter(({ id }) => byId[id] === undefined).length;
  if (missing === 0) return null;
  return `${missing === chosen.length ? 'The' : 'Some'} rows themselves are no longer stored.`;
}
