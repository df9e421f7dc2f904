import { SURE } from '../evidence/calibration.ts';
import { mistakesOf } from '../evidence/confusion.ts';
import type { Evidence, ModelEvidence } from '../evidence/evidence.ts';
import { reasonsOf } from '../gate/verdict.ts';
import { count, figure, percent, points, toSection, withInterval } from './facts.ts';
import type { CardFacts, CardSection } from './model-card.ts';

/** A matrix of more classes says less than its largest cells. */
const MOST_IN_MATRIX = 12;
const MOST_MISTAKES = 20;

/** How good it is on all held-out rows, none of which it was trained on. */
export function evaluationSections({ run, alone }: CardFacts): readonly CardSection[] {
  const { evaluation } = run;
  if (alone === null) {
    const metrics = Object.entries(evaluation?.candidate.metrics ?? {});
    return [
      toSection(
        'Evaluation',
        metrics.map(([name, value]) => [name, figure(value)] as const),
        ['The answers to single rows are not stored, so there are no intervals.'],
      ),
    ];
  }
  const { candidate, classes, rows } = alone;
  return [
    toSection('Evaluation', [
      ['Held-out rows', count(rows)],
      ['Accuracy', withInterval(candidate.accuracy)],
      ['Macro-F1', withInterval(candidate.macroF1)],
      [
        'Median time of an answer',
        evaluation && `${evaluation.candidate.latency.p50Milliseconds} ms`,
      ],
      ['Intervals', '95 %; Wilson for shares, 2,000 bootstrap draws of the rows for macro-F1'],
    ]),
    toSection('Each class', [], [], {
      level: 3,
      tables: [
        [
          ['Class', 'Rows', 'Precision', 'Recall', 'F1'],
          ...candidate.perClass.map(({ label, rows: own, precision, recall, f1 }) => [
            label,
            count(own),
            withInterval(precision),
            withInterval(recall),
            withInterval(f1),
          ]),
        ],
      ],
    }),
    mistakesSection(classes, candidate),
    calibrationSection(candidate),
    ...baselineSection(run),
  ];
}

function mistakesSection(classes: readonly string[], { confusion }: ModelEvidence): CardSection {
  if (classes.length > MOST_IN_MATRIX) {
    const mistakes = mistakesOf(classes, confusion).slice(0, MOST_MISTAKES);
    const rows = mistakes.map((each) => [each.label, each.answer ?? 'other', count(each.count)]);
    return toSection('Most frequent mistakes', [], [], {
      level: 3,
      tables: [[['Right', 'Answered', 'Rows'], ...rows]],
    });
  }
  const isOther = confusion.some((row) => (row[classes.length] ?? 0) > 0);
  const width = classes.length + (isOther ? 1 : 0);
  return toSection('Confusion matrix', [], ['Rows: what is right. Columns: what was answered.'], {
    level: 3,
    tables: [
      [
        ['', ...classes, ...(isOther ? ['other'] : [])],
        ...confusion.map((row, truth) => [classes[truth] ?? '', ...row.slice(0, width).map(count)]),
      ],
    ],
  });
}

function calibrationSection({ calibration }: ModelEvidence): CardSection {
  if (calibration === null) {
    return toSection('Calibration', [], ['Not known: the scores are not stored.'], { level: 3 });
  }
  const { expectedError, meanScore, errors, sureErrors } = calibration;
  return toSection(
    'Calibration',
    [
      ['Expected calibration error', `${percent(expectedError)}, over 10 bins of equal width`],
      ['Mean score', figure(meanScore)],
      [`Errors with a score above ${SURE}`, `${count(sureErrors)} of ${count(errors)}`],
    ],
    [],
    { level: 3 },
  );
}

function baselineSection({ evaluation, verdict }: CardFacts['run']): readonly CardSection[] {
  const baseline = evaluation?.baseline;
  if (baseline === undefined) return [];
  const { fitted, majority, name, reason } = baseline;
  const difference = verdict?.baseline;
  return [
    toSection(
      'Baseline',
      [
        ['Model', name],
        [
          'Macro-F1',
          fitted?.metrics.macro_f1 === undefined ? null : figure(fitted.metrics.macro_f1),
        ],
        ['Not fitted', reason],
        [
          'This version against it',
          difference &&
            `${points(difference.estimate)}, 90 % interval ${points(difference.lower)} to ${points(difference.upper)}`,
        ],
        [
          `Always answering “${majority.label}”`,
          majority.metrics.macro_f1 === undefined
            ? null
            : `macro-F1 ${figure(majority.metrics.macro_f1)}`,
        ],
      ],
      [],
      { level: 3 },
    ),
  ];
}

/** How it compares with what was in production, and what the gate made of it. */
export function comparisonSections({ run, compared }: CardFacts): readonly CardSection[] {
  const { verdict, evaluatedAgainst } = run;
  const flips = compared?.flips;
  const live = compared?.production;
  const comparison =
    compared == null || flips == null || live == null
      ? []
      : [
          toSection(
            'Compared with production',
            [
              ['Version', `v${evaluatedAgainst}`],
              ['Rows', count(compared.rows)],
              [
                'Left out, because production was trained on them',
                compared.leftOut === 0 ? null : count(compared.leftOut),
              ],
              ['Rows won and lost', `${count(flips.won)} and ${count(flips.lost)}`],
              [
                'Macro-F1, difference',
                compared.difference &&
                  `${points(compared.difference.estimate)}, 95 % interval ${points(compared.difference.lower)} to ${points(compared.difference.upper)}`,
              ],
            ],
            [],
            {
              level: 3,
              tables: [
                ...(compared.slices.length === 0 ? [] : [slicesTable(compared, evaluatedAgainst)]),
                [
                  ['', 'This version', `v${evaluatedAgainst}`],
                  [
                    'Accuracy',
                    withInterval(compared.candidate.accuracy),
                    withInterval(live.accuracy),
                  ],
                  [
                    'Macro-F1',
                    withInterval(compared.candidate.macroF1),
                    withInterval(live.macroF1),
                  ],
                ],
              ],
            },
          ),
        ];
  return [
    ...comparison,
    toSection(
      'Gate',
      [
        ['Verdict', verdict?.outcome.replace('_', ' ')],
        ['Looks at these held-out rows', verdict?.look?.number],
        ['Mode', verdict?.isAdvisory === true ? 'advisory' : null],
      ],
      verdict === null ? [] : reasonsOf(verdict),
    ),
  ];
}

function slicesTable({ slices }: Evidence, against: number | null) {
  return [
    ['Slice', 'Rows', 'Accuracy', `v${against}`],
    ...slices.map(({ title, rows, candidate, production }) => [
      title,
      count(rows),
      withInterval(candidate),
      withInterval(production),
    ]),
  ];
}
