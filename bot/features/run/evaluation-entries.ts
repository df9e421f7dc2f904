import { reasonsOf } from '../../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { count, plural } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import { bold, bullets, preformatted, richText, section } from '../../blocks/rich-text.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import type { ThreadEntry } from '../../blocks/thread-entry.ts';
import { evaluationRows, tableBlock, tableText } from './evaluation-table.ts';

/** The scores of candidate and production on the same rows. */
export function evaluationEntry(run: Run): ThreadEntry | null {
  const { evaluation } = run;
  if (evaluation === null) return null;
  const productionName = run.evaluatedAgainst === null ? 'production' : `v${run.evaluatedAgainst}`;
  const title = `Evaluation on ${plural(evaluation.rows, 'held-out row')}`;
  const table = evaluationRows(evaluation, productionName);
  const { shownClasses, hiddenClasses } = table;
  const opening = section(
    bold(title),
    evaluation.production === null ? '; nothing is in production to compare with.' : '',
    hiddenClasses === 0
      ? ''
      : `. The ${shownClasses} of ${shownClasses + hiddenClasses} classes that lost most:`,
  );
  return {
    key: 'evaluation',
    ...message(title, [richText(opening), tableBlock(table.rows)]),
    simpler: [richText(opening, preformatted(tableText(table.rows)))],
  };
}

const outcomes = {
  pass: 'Gate: pass. The candidate can move on to approval.',
  fail: 'Gate: fail. The candidate will not be deployed.',
  inconclusive: 'Gate: inconclusive. The held-out rows do not settle it; the approvers decide.',
} as const;

/** The verdict of the gate with its reasons, the decisive ones first. */
export function verdictEntry(run: Run, facts: ModelFacts): ThreadEntry | null {
  const { verdict, evaluation } = run;
  if (verdict === null) return null;
  const reasons = reasonsOf(verdict);
  const rest = reasons.length - MAX_REASONS;
  const more =
    verdict.rowsNeeded === null
      ? ''
      : `About ${count(verdict.rowsNeeded)} held-out rows would settle it.`;
  const isUnapproved = run.approval === null && run.outcome === 'blocked';
  const title =
    isUnapproved && verdict.outcome === 'inconclusive'
      ? 'Gate: inconclusive. Automatic approval needs a pass, so the candidate was not deployed.'
      : outcomes[verdict.outcome];
  return {
    key: 'verdict',
    ...message(`${title} ${scorePhrase(run, facts)}`.trim(), [
      richText(
        section(bold(title)),
        bullets([
          ...reasons.slice(0, MAX_REASONS).map((reason) => [shown(reason, 240)]),
          ...(rest > 0 ? [[`and ${plural(rest, 'more reason')}`]] : []),
        ]),
        ...(more === '' ? [] : [section(more)]),
      ),
    ]),
    ...(evaluation === null ? {} : { chart: 'evaluation' as const }),
  };
}

const MAX_REASONS = 10;
