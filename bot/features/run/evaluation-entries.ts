import type { GatePolicy } from '../../../pipeline/core/config.ts';
import {
  acceptsLoss,
  needsFreshRows,
  reasonsOf,
  type Verdict,
} from '../../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { baselineLine, majorityWords } from '../../blocks/baseline-line.ts';
import { shown } from '../../blocks/escape.ts';
import { count, metricTitles, percent, plural, points } from '../../blocks/format.ts';
import { type ModelFacts, message } from '../../blocks/message.ts';
import {
  bold,
  bullets,
  type Line,
  lines,
  preformatted,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { scorePhrase } from '../../blocks/scores.ts';
import type { ThreadEntry } from '../../blocks/thread-entry.ts';
import { evaluationChart } from './evaluation-chart.ts';
import { evaluationRows, tableBlock, tableText } from './evaluation-table.ts';

/** The scores of candidate and production on the same rows, and what the gate allows. */
export function evaluationEntry(run: Run, facts: ModelFacts): ThreadEntry | null {
  const { evaluation } = run;
  if (evaluation === null) return null;
  const productionName = run.evaluatedAgainst === null ? 'production' : `v${run.evaluatedAgainst}`;
  const title = `Evaluation on ${plural(evaluation.rows, 'held-out row')}`;
  const table = evaluationRows(evaluation, productionName);
  const { shownClasses, hiddenClasses } = table;
  const chart = evaluationChart(run, facts);
  const opening = lines(
    [
      bold(title),
      evaluation.production === null ? '; nothing is in production to compare with.' : '',
      ...differenceWords(run, facts, productionName),
    ],
    run.verdict?.leftOut === undefined
      ? []
      : [
          `${productionName} was trained on ${count(run.verdict.leftOut.seen)} of these rows, or on nearly the same; the table counts them, the comparison does not.`,
        ],
    evaluation.production === null || facts.gate === undefined ? [] : [gateWords(facts.gate)],
    baselineLine(run, facts),
    [majorityWords(run, facts)].filter(Boolean),
    newRowsWords(run, productionName),
    hiddenClasses === 0
      ? []
      : [
          `The table shows the ${shownClasses} of ${shownClasses + hiddenClasses} classes that lost most.`,
        ],
  );
  return {
    key: 'evaluation',
    ...message(title, [opening, ...(chart === null ? [] : [chart]), tableBlock(table.rows)]),
    simpler: [richText(...opening.elements, preformatted(tableText(table.rows)))],
  };
}

/** The change of the deciding figure with its interval, which a chart cannot show; known with the verdict. */
function differenceWords({ verdict }: Run, { metric }: ModelFacts, productionName: string): Line {
  if (!verdict?.difference) return [];
  const { estimate, lower, upper } = verdict.difference;
  return [
    `. ${metricTitles[metric]} ${points(estimate)} against ${productionName}, 90 % interval ${bare(lower)} to ${bare(upper)}.`,
  ];
}

/** Why this evaluation says nothing about a fall of production; empty when it does. */
function newRowsWords({ newRows }: Run, productionName: string): Line {
  if (newRows === undefined || newRows.rows >= newRows.minimum) return [];
  const { rows, minimum } = newRows;
  const some =
    rows === 0
      ? `No row is new since ${productionName} was trained`
      : `${plural(rows, 'row')} ${rows === 1 ? 'is' : 'are'} new since ${productionName} was trained`;
  return [`${some}; to tell whether its score has fallen, at least ${count(minimum)} are needed.`];
}

function gateWords(gate: GatePolicy): string {
  const { nonInferiorityMargin, maxRecallDrop, perClassRows, slices, maxSliceDrop } = gate;
  const sliced =
    slices.length === 0
      ? ''
      : `, a slice by ${shown(slices.join(' or '), 100)} ${loss(maxSliceDrop)} of accuracy`;
  return `The gate passes on proof that less than ${loss(nonInferiorityMargin)} are lost, fails on proof of a loss, and leaves the rest to people; a class with at least ${plural(perClassRows, 'row')} may lose ${loss(maxRecallDrop)} of recall${sliced}.`;
}

const bare = (difference: number): string => points(difference).replace(' points', '');
const loss = (share: number): string => `${(share * 100).toFixed(1)} points`;

const outcomes = {
  pass: 'Gate: pass. The candidate can move on to approval.',
  fail: 'Gate: fail. The candidate will not be deployed.',
  inconclusive: 'Gate: inconclusive. The held-out rows do not settle it; the approvers decide.',
  not_comparable:
    'Gate: not comparable. The rows cannot tell which model is better; approving it needs a reason.',
} as const;

/** The verdict of the gate with its reasons, the decisive ones first. */
export function verdictEntry(run: Run, facts: ModelFacts): ThreadEntry | null {
  const { verdict } = run;
  if (verdict === null) return null;
  const reasons = reasonsOf(verdict);
  const rest = reasons.length - MAX_REASONS;
  const title = verdictTitle(run, verdict);
  return {
    key: 'verdict',
    ...message(`${title} ${scorePhrase(run, facts)}`.trim(), [
      richText(
        section(bold(title)),
        bullets([
          ...reasons.slice(0, MAX_REASONS).map((reason) => [shown(reason, 240)]),
          ...(rest > 0 ? [[`and ${plural(rest, 'more reason')}`]] : []),
        ]),
        ...consequences(run, verdict).map((sentence) => section(sentence)),
      ),
    ]),
  };
}

const MAX_REASONS = 10;

function verdictTitle(run: Run, { outcome, isAdvisory }: Verdict): string {
  if (isAdvisory === true && outcome === 'fail') {
    return 'Gate: fail (advisory). It blocks nothing here; approving it needs a reason.';
  }
  const isUnapproved = run.approval === null && run.outcome === 'blocked';
  if (!isUnapproved || outcome === 'pass' || outcome === 'fail') return outcomes[outcome];
  const name = outcome === 'inconclusive' ? 'inconclusive' : 'not comparable';
  return `Gate: ${name}. Automatic approval needs a pass, so the candidate was not deployed.`;
}

/** What follows from the verdict for the rows, and for the candidates after this one. */
function consequences(run: Run, verdict: Verdict): readonly string[] {
  const { rowsNeeded, look } = verdict;
  const needed =
    rowsNeeded === null
      ? []
      : [
          `About ${count(rowsNeeded)} held-out rows would settle it: an equal candidate then passes in 80 % of cases.`,
        ];
  const used =
    look === undefined || look.number === 1
      ? []
      : [
          `These held-out rows have now judged ${count(look.number)} times; each look makes the proof stricter.`,
        ];
  const fresh = needsFreshRows(verdict)
    ? [
        `Fresh held-out rows are needed: an equal candidate passes the next look in ${percent(look?.nextChance ?? 0)} of cases, on as many fresh rows in ${percent(look?.freshChance ?? 0)}.`,
      ]
    : [];
  const isOpen = run.approval !== null && run.approval.outcome === null;
  const anchored =
    isOpen && acceptsLoss(verdict)
      ? [
          `Approving v${run.version} also makes it the version that later candidates must not fall behind.`,
        ]
      : [];
  return [...needed, ...used, ...fresh, ...anchored];
}
