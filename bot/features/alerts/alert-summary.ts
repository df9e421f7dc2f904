import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import type { AlertAction } from '../../../pipeline/core/alert/production-changes.ts';
import { actorFirst } from '../../blocks/actor.ts';
import { alertHeadline, figureText, figureTitle, thresholdText } from '../../blocks/alert-words.ts';
import { shown } from '../../blocks/escape.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';
import type { ModelFacts } from '../../blocks/message.ts';
import { bold, type Inline, instant, italic, type Line } from '../../blocks/rich-text.ts';
import { entry, type ThreadEntry } from '../../blocks/thread-entry.ts';

/**
 * The last entry in the thread of an alert: how long, how bad, what was live and who did what. Null
 * while it is open, and when it ended while muted: then only the card says so.
 */
export function summaryEntry(alert: Alert, facts: ModelFacts): ThreadEntry | null {
  const { opened, ended } = alert;
  if (isOpen(alert) || opened === null || ended === null || ended.silently) return null;
  const title = alertHeadline(alert);
  return entry(
    'ended',
    title,
    [bold(title)],
    [
      `Open for ${duration(secondsBetween(opened.since, ended.at))}, from `,
      instant(opened.since, 'date and time'),
      ' to ',
      instant(ended.at, 'date and time'),
      '.',
    ],
    figuresLine(alert, facts),
    liveLine(alert),
    ...deedLines(alert),
    ['Was it right? The buttons are on the card above.'],
  );
}

function figuresLine({ kind, opened, worst, observations }: Alert, facts: ModelFacts): Line {
  const last = observations.at(-1);
  if (opened === null || worst === null || last === undefined) return [];
  const at = last.version === opened.by.version ? '' : ` for v${last.version}`;
  return [
    `${figureTitle(kind, facts)}: ${figureText(kind, worst.value)} at worst, `,
    `${figureText(kind, last.value)}${at} when last measured; ${thresholdText(kind, last.threshold)}.`,
  ];
}

function liveLine({ status, opened, ended, observations }: Alert): Line {
  const before = opened?.by.version;
  const after = ended?.replacedBy ?? observations.at(-1)?.version;
  if (status === 'retired') return [`Live before: v${before}. Live after: nothing.`];
  return before === after
    ? [`v${before} was live before and after.`]
    : [`Live before: v${before}. Live after: v${after}.`];
}

/** What people did, in order; says so when no one did anything, as far as that is known. */
function deedLines({ acknowledged, opened, ended, status, normalInputs }: Alert): readonly Line[] {
  const actions = ended?.actions;
  const deeds = [
    ...(status !== 'accepted' || normalInputs === undefined
      ? []
      : [
          {
            at: normalInputs.at,
            line: [
              `${actorFirst(normalInputs.by)} said that these inputs are normal `,
              instant(normalInputs.at, 'date and time'),
              '.',
            ] satisfies Line,
          },
        ]),
    ...(acknowledged === null
      ? []
      : [
          {
            at: acknowledged.at,
            line: [
              `${actorFirst(acknowledged.by)} acknowledged it `,
              instant(acknowledged.at, 'date and time'),
              `, ${duration(secondsBetween(opened?.by.at ?? acknowledged.at, acknowledged.at))} after it opened.`,
            ] satisfies Line,
          },
        ]),
    ...(actions ?? []).map((action) => ({ at: action.at, line: actionLine(action) })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
  if (deeds.length > 0) return deeds.map(({ line }) => ['• ', ...line]);
  return actions === undefined ? [] : [['No one acknowledged it, and nothing was deployed.']];
}

function actionLine(action: AlertAction): Line {
  return [...whatLine(action), instant(action.at, 'date and time'), ...reasonPart(action)];
}

function whatLine(action: AlertAction): readonly Inline[] {
  if (action.kind === 'retirement') return [`${actorFirst(action.by)} retired the model `];
  const { how, by, version } = action;
  if (how === 'put_back') return [`v${version} was put back `];
  if (by === null) return [`v${version} went live, approved by policy, `];
  return how === 'rolled_back'
    ? [`${actorFirst(by)} rolled back to v${version}, live `]
    : [`v${version}, approved by ${actorFirst(by)}, went live `];
}

function reasonPart({ reason }: AlertAction): readonly Inline[] {
  const said = shown(reason ?? '', 200);
  return said === '' ? ['.'] : [': ', italic(said)];
}
