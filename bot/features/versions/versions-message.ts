import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import type { VersionMark } from '../../../pipeline/core/rollback/version-mark.ts';
import { answer } from '../../blocks/answer.ts';
import { figure, metricTitles } from '../../blocks/format.ts';
import { markPhrase } from '../../blocks/mark-line.ts';
import { itemWithMenu, type MenuItem, openCard } from '../../blocks/menu.ts';
import { type Message, message } from '../../blocks/message.ts';
import { lineText } from '../../blocks/plain-text.ts';
import { bold, type Inline, instant, type Line, lines } from '../../blocks/rich-text.ts';
import { sourcePhrase } from '../../blocks/source.ts';
import type { Marks } from './load-marks.ts';

/** Versions that the answer lists. */
export const MAX_VERSIONS = 12;

/** The answer of `/mlops versions`; `versions` may be the newest only. */
export function versionsMessage(
  model: string,
  versions: readonly RegisteredVersion[],
  production: number | null,
  marks: Marks = new Map(),
  /** Addresses of the cards of the runs that made the versions. */
  links: ReadonlyMap<number, string> = new Map(),
): Message {
  if (versions.length === 0) {
    return answer(`${model} has no registered version yet.`, `/mlops retrain ${model} trains one.`);
  }
  const shown = versions.slice(0, MAX_VERSIONS);
  // Versions count from 1.
  const rest = versions.length > shown.length ? (shown.at(-1)?.version ?? 1) - 1 : 0;
  const title = `Versions of ${model}`;
  return message(title, [
    lines([bold(title)]),
    ...shown.map((each) =>
      itemWithMenu(lineText(versionLine(each, production, marks.get(each.version))), [
        openCard(links.get(each.version) ?? null),
        ...versionMenu(each, production),
      ]),
    ),
    ...(rest > 0 ? [lines([`and ${rest} older`])] : []),
    ...(areOnOneDataset(shown)
      ? []
      : [
          lines([
            `Each score is from the held-out rows of that version’s own dataset. /mlops diff ${model} compares on the same rows where it can.`,
          ]),
        ]),
  ]);
}

const areOnOneDataset = (versions: readonly RegisteredVersion[]): boolean =>
  new Set(versions.map(({ datasetVersion }) => datasetVersion)).size <= 1;

/** What can be done with a version, as commands. */
function versionMenu(
  { model, version }: RegisteredVersion,
  production: number | null,
): readonly MenuItem[] {
  const why = { label: 'Its run', command: `why ${model} v${version}` };
  const card = { label: 'Model card', command: `model-card ${model} v${version}` };
  if (version === production) {
    return [
      { label: 'What changed with it', command: `diff ${model} v${version}` },
      why,
      card,
      { label: 'Roll back…', command: `rollback ${model}` },
    ];
  }
  return [
    ...(production === null
      ? []
      : [{ label: 'Compare with production', command: `diff ${model} v${version}` }]),
    why,
    card,
    { label: 'Request approval', command: `promote ${model} v${version}` },
  ];
}

const approvalWords = {
  PendingManualApproval: 'not approved',
  Approved: 'approved',
  Rejected: 'rejected',
} as const;

/** One version with its scores, verdict, approval and mark. */
export function versionLine(
  version: RegisteredVersion,
  production: number | null,
  mark?: VersionMark,
): Line {
  const scores = Object.entries(metricTitles).flatMap(([name, title]): Inline[] => {
    const value = version.metrics[name];
    return value === undefined ? [] : [` · ${title} ${figure(value)}`];
  });
  return [
    bold(`v${version.version}`),
    version.version === production ? ' · in production' : '',
    ...(mark === undefined ? [] : markPhrase(mark)),
    ...scores,
    ` · gate ${version.verdict} · ${approvalWords[version.approval]} · `,
    instant(version.createdAt, 'date and time'),
    version.source === undefined ? '' : ` · ${sourcePhrase(version.source)}`,
  ];
}
