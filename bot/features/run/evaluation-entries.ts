import { reasonsOf } from '../../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import { count, plural } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import { bold, bullets, preformatted, richText, section } from '../../blocks/rich-text.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import type { ThreadEntry } from '../../blocks/thread-entry.ts';
import { evaluationRows, tableBlock, tableText } from './evaluation-table.ts';

/** Candidate and production on the same rows, figure by figure. */
export function evaluationEntry(run: Run): ThreadEntry | null {
  const { evaluation } = run;
  if (evaluation === null) return null;
  const productionName = run.evaluatedAgainst === null ? 'production' : `v${run.evaluatedAgainst}`;
  const title = `Evaluation on ${plural(evaluation.rows, 'held-out row')}`;
  const table = evaluationRows(evaluation, productionName);
  const { shownClasses, hiddenClasses } = table;
  const opening = section(
    bold(title),
    evaluation.production === null ? '; there is no model in production to compare with.' : '',
    hiddenClasses === 0
      ? ''
      : `. Of ${shownClasses + hiddenClasses} classes the ${shownClasses} that lost most:`,
  );
  return {
    key: 'evaluation',
    ...message(title, [richText(opening), tableBlock(table.rows)]),
    simpler: [richText(opening, preformatted(tableText(table.rows)))],
  };
}

const says = {
  pass: 'Gate: pass. The candidate may go on.',
  fail: 'Gate: fail. The candidate is not deployed.',
  inconclusive: 'Gate: inconclusive. The rows do not settle it; people decide.',
} as const;

/** What the gate decided and every reason, the decisive ones first. */
export function verdictEntry(run: Run, facts: ModelFacts): ThreadEntry | null {
  const { verdict, evaluation } = run;
  if (verdict === null) return null;
  const reasons = reasonsOf(verdict);
  const rest = reasons.length - MOST_REASONS;
  const more =
    verdict.rowsNeeded === null
      ? ''
      : `About ${count(verdict.rowsNeeded)} held-out rows would settle it.`;
  const asks = run.approval === null && run.outcome === 'blocked';
  const told =
    asks && verdict.outcome === 'inconclusive'
      ? 'Gate: inconclusive. The policy asks nobody, so it is not deployed.'
      : says[verdict.outcome];
  return {
    key: 'verdict',
    ...message(`${told} ${scorePhrase(run, facts)}`.trim(), [
      richText(
        section(bold(told)),
        bullets([
          ...reasons.slice(0, MOST_REASONS).map((reason) => [shown(reason, 240)]),
          ...(rest > 0 ? [[`and ${plural(rest, 'more reason')}`]] : []),
        ]),
        ...(more === '' ? [] : [section(more)]),
      ),
    ]),
    ...(evaluation === null ? {} : { chart: 'evaluation' as const }),
  };
}

const MOST_REASONS = 10;
