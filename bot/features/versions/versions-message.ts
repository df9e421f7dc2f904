import type { JobLog } from '../../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../../pipeline/core/ports.ts';
import type { Actor, Run, RunId } from '../../../pipeline/core/run.ts';
import { actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { figure, metricTitles } from '../../blocks/format.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import {
  bold,
  bullets,
  code,
  type Inline,
  instant,
  type Line,
  lines,
  link,
  preformatted,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { sourcePhrase } from '../../blocks/source.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { ago } from '../status/model-lines.ts';

const MOST_VERSIONS = 12;
/** What fits into one preformatted block. */
const MOST_LOG_CHARACTERS = 2_800;

export function runsMessage(runs: readonly Run[]): Message {
  if (runs.length === 0) return answer('There are no runs yet.', '/mlops retrain starts one.');
  return message('The newest runs', [
    richText(section(bold('The newest runs')), bullets(runs.map(runLine))),
  ]);
}

function runLine(run: Run): Line {
  return [headline(run), ', ', instant(run.createdAt, 'date and time'), ' · ', code(run.id)];
}

export function versionsMessage(
  model: string,
  versions: readonly RegisteredVersion[],
  production: number | null,
): Message {
  if (versions.length === 0) {
    return answer(`${model} has no registered version yet.`, `/mlops retrain ${model} makes one.`);
  }
  const rest = versions.length - MOST_VERSIONS;
  const title = `Versions of ${model}`;
  return message(title, [
    richText(
      section(bold(title)),
      bullets([
        ...versions.slice(0, MOST_VERSIONS).map((each) => versionLine(each, production)),
        ...(rest > 0 ? [[`and ${rest} older`]] : []),
      ]),
    ),
  ]);
}

const approvalWords = {
  PendingManualApproval: 'not approved',
  Approved: 'approved',
  Rejected: 'rejected',
} as const;

export function versionLine(version: RegisteredVersion, production: number | null): Line {
  const scores = Object.entries(metricTitles).flatMap(([name, title]): Inline[] => {
    const value = version.metrics[name];
    return value === undefined ? [] : [` · ${title} ${figure(value)}`];
  });
  return [
    bold(`v${version.version}`),
    version.version === production ? ' · in production' : '',
    ...scores,
    ` · gate ${version.verdict} · ${approvalWords[version.approval]} · `,
    instant(version.createdAt, 'date and time'),
    version.source === undefined ? '' : ` · ${sourcePhrase(version.source)}`,
  ];
}

export function logsMessage(runId: RunId, log: JobLog | null): Message {
  if (log === null || log.lines.length === 0) return answer(`Run ${runId} has no log yet.`);
  const job = { train: 'training', evaluate: 'evaluation' }[log.job];
  // The end of a log says most: drop whole lines from its beginning.
  const kept: string[] = [];
  let length = 0;
  for (const line of [...log.lines].reverse()) {
    const shownLine = shown(line, 300);
    length += shownLine.length + 1;
    if (length > MOST_LOG_CHARACTERS) break;
    kept.unshift(shownLine);
  }
  const count = kept.length === 1 ? 'line' : `${kept.length} lines`;
  return message(`Log of run ${runId}`, [
    richText(
      section(bold(`The last ${count} of the ${job} of run ${runId}`)),
      preformatted(kept.join('\n')),
    ),
  ]);
}

/** Most requests listed, and looked up in Slack. */
export const MOST_WAITING = 10;

/** What waits for whom, since when and until when; `link`: the card, where the buttons are. */
export function waitingMessage(
  waiting: readonly { run: Run; isMine: boolean; link?: string | null }[],
  now?: Date,
): Message {
  if (waiting.length === 0) return answer('Nothing waits for an approval.');
  return message('Waiting for approval', [
    ...waiting
      .slice(0, MOST_WAITING)
      .map(({ run, isMine, link: address }) =>
        lines(
          [
            bold(headline(run)),
            isMine ? ' · you may decide, on its card or with /mlops approve' : '',
          ],
          ...approvalLines(run, false).slice(-1),
          sinceLine(run, now),
          [`Run ${run.id}`, ...(address ? [' · ', link(address, 'open the card')] : [])],
        ),
      ),
    ...(waiting.length > MOST_WAITING
      ? [lines([`and ${waiting.length - MOST_WAITING} more`])]
      : []),
  ]);
}

function sinceLine({ approval }: Run, now: Date | undefined): Line {
  if (approval === null) return [];
  return [
    'Asked ',
    instant(approval.requestedAt, 'date and time'),
    now === undefined ? '' : `, ${ago(approval.requestedAt, now)}`,
  ];
}

export function whoamiMessage(person: {
  name: string;
  memberOf: readonly string[];
  isOperator: boolean;
  approves: readonly string[];
}): Message {
  const [id, ...groups] = person.memberOf;
  return answer(
    `You are ${shown(person.name, 40)}, Slack id ${id}.`,
    groups.length === 0 ? null : `User groups named in mlops.config.ts: ${groups.join(', ')}.`,
    person.isOperator
      ? 'You are an operator: you may retrain, promote, stop and roll back.'
      : 'You are not an operator: you may look at everything.',
    person.approves.length === 0
      ? 'You approve no model.'
      : `You are an approver of ${person.approves.slice(0, 20).join(', ')}: you may decide on new versions and roll back.`,
  );
}

/** For whoever came through a door that cannot tell people apart. */
export function doorMessage(door: Actor): Message {
  return answer(
    `You are ${actorName(door)}; which person that is, nobody can tell here.`,
    'You may what operators may: retrain, promote, stop and roll back.',
    'You approve no model: that needs a person, and the buttons on the card of the run.',
  );
}
