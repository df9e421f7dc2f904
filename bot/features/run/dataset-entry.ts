import type { PrepareReport } from '../../../pipeline/core/python-contract.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { leftOutSentence } from '../../blocks/appended-words.ts';
import { shown } from '../../blocks/escape.ts';
import { count, plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, code, type Line, richText, section } from '../../blocks/rich-text.ts';
import { powerLine } from './power-line.ts';

const MAX_PROBLEMS = 10;
const MAX_WARNINGS = 5;
const MAX_LABELS = 8;
const MAX_HINTS = 3;

/** The dataset's row counts, or its first problems when it cannot be used. */
export function datasetEntry(run: Run): (Message & { key: string }) | null {
  if (run.prepared === null) return null;
  const content = run.prepared.status === 'ok' ? usable(run, run.prepared) : unusable(run.prepared);
  return { key: 'dataset', ...content };
}

function usable(run: Run, report: PrepareReport): Message {
  const power = powerLine(run);
  const { rows, split } = report;
  const removed = [
    [rows.exactDuplicates, 'exact duplicate'],
    [rows.nearDuplicates, 'near-duplicate'],
    [rows.conflicting, 'row with conflicting labels', 'rows with conflicting labels'],
  ] as const;
  const found = removed
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => plural(number, one, many));
  const title = `${count(rows.kept)} of ${plural(rows.read, 'row')} usable`;
  return message(`Dataset: ${title}`, [
    richText(
      section(
        bold(`${title}. `),
        found.length === 0 ? '' : `Found ${found.join(', ')}. `,
        `Split: ${count(split.train)} training, ${count(split.validation)} validation, ${count(split.test)} held out.`,
      ),
      section(...labelParts(report)),
      ...sourceParts(run, report),
      ...seenParts(report),
      ...changeParts(run),
      ...(power.length === 0 ? [] : [section(...power)]),
      ...warningParts(report),
    ),
  ]);
}

const MAX_FILES = 8;

/** What each file brought, the newest first. */
function sourceParts(run: Run, { sources = [] }: PrepareReport) {
  const leftOut = leftOutSentence(run);
  const rest = sources.length - MAX_FILES;
  if (sources.length === 0) return leftOut === null ? [] : [section(leftOut)];
  const onto = run.appending?.onto ?? null;
  const whose = onto === null ? '' : `, appended to the data of v${onto}`;
  return [
    section(bold(`${plural(sources.length, 'file')}${whose}`)),
    bullets([
      ...sources
        .toReversed()
        .slice(0, MAX_FILES)
        .map(({ name, rows }): Line => {
          const known = rows.read - rows.kept;
          const those = known === 0 ? '' : ` of ${plural(rows.read, 'row')}`;
          return [code(shown(name, 60)), ` ${plural(rows.kept, 'new row')}${those}`];
        }),
      ...(rest > 0 ? [[`and ${rest} more`]] : []),
    ]),
    ...(leftOut === null ? [] : [section(leftOut)]),
  ];
}

/** How many held-out rows the versions that are compared were trained on. */
function seenParts({ seen = [], split }: PrepareReport) {
  return seen.flatMap(({ version, rows }) => {
    if (rows === 0) return [];
    return [
      section(
        rows === null
          ? `Which held-out rows v${version} was trained on is not known: its training rows are no longer stored, or have other columns.`
          : `v${version} was trained on ${count(rows)} of the ${count(split.test)} held-out rows, or on nearly the same. They are left out of the comparison.`,
      ),
    ];
  });
}

const consequences = {
  continue: null,
  ask: 'Approving the version therefore needs a reason.',
  stop: 'Nothing was trained.',
} as const;

/** How the data differs from that of production, and what follows. */
function changeParts({ dataChanges }: Run) {
  if (dataChanges === undefined) return [];
  const { against, action, changes } = dataChanges;
  const consequence = consequences[action];
  return [
    section(bold(`Compared with the data of v${against}`)),
    bullets(changes.map(({ reason }) => [shown(reason, 500)])),
    ...(consequence === null ? [] : [section(consequence)]),
  ];
}

function labelParts(report: PrepareReport): Line {
  const labels = Object.entries(report.labels).sort(([, a], [, b]) => b - a);
  const rest = labels.length - MAX_LABELS;
  return [
    `${plural(labels.length, 'label')}: `,
    ...labels
      .slice(0, MAX_LABELS)
      .flatMap(([label, rows], index) => [
        index === 0 ? '' : ', ',
        code(shown(label, 30)),
        ` ${count(rows)}`,
      ]),
    rest > 0 ? ` and ${rest} more` : '',
  ];
}

function warningParts(report: PrepareReport) {
  if (report.warnings.length === 0) return [];
  const shownWarnings = report.warnings
    .slice(0, MAX_WARNINGS)
    .map(({ message: warning, rows }): Line => {
      const where = rows.length === 0 ? '' : ` Rows ${rows.slice(0, 8).map(count).join(', ')}`;
      return [`${shown(warning, 160)}${where}${rows.length > 8 ? ', …' : where ? '.' : ''}`];
    });
  return [section(bold(plural(report.warnings.length, 'warning'))), bullets(shownWarnings)];
}

function unusable(report: PrepareReport): Message {
  const { errors } = report;
  const title = `${plural(errors.length, 'problem')} in ${shown(report.input.name, 60)}`;
  const hints = [...new Set(errors.map(({ hint }) => shown(hint, 160)))].filter(Boolean);
  const rest = errors.length - MAX_PROBLEMS;
  return message(`Dataset: ${title}`, [
    richText(
      section(bold(plural(errors.length, 'problem')), ' in ', code(shown(report.input.name, 60))),
      bullets([
        ...errors.slice(0, MAX_PROBLEMS).map(problemLine),
        ...(rest > 0 ? [[`and ${rest} more`]] : []),
      ]),
      ...hints.slice(0, MAX_HINTS).map((hint) => section(hint)),
    ),
  ]);
}

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
