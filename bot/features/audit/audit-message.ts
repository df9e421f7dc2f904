import type { AuditEntry } from '../../../pipeline/core/audit.ts';
import { actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import {
  bold,
  bullets,
  code,
  type Inline,
  instant,
  italic,
  type Line,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { failureWords } from './failure-words.ts';

/** Keeps one rich text block below Slack's 3000 characters. */
const MAX_CHARACTERS = 2_600;

/** The newest audit entries, as many as fit into one message. */
export function auditMessage(
  entries: readonly AuditEntry[],
  scope: {
    readonly model: string | null;
    /** Whose entries these are; null for everyone's. */
    readonly person?: string | null;
    /** Reads and typing mistakes were left out. */
    readonly isFiltered?: boolean;
  },
): Message {
  const { model, person = null, isFiltered = false } = scope;
  const about = [
    model === null ? '' : ` for ${model}`,
    person === null ? '' : ` of ${shown(person, 40)}`,
  ].join('');
  const note = isFiltered ? 'Without reads and typing mistakes; --all shows them.' : null;
  if (entries.length === 0) return answer(`Nothing is in the audit log${about} yet.`, note);
  const title = `Audit log${about}`;
  const kept: Line[] = [];
  let length = 0;
  for (const entry of entries) {
    const line = auditLine(entry);
    length += line.reduce((sum, part) => sum + textOf(part).length, 0);
    if (length > MAX_CHARACTERS) break;
    kept.push(line);
  }
  const rest = entries.length - kept.length;
  return message(title, [
    richText(
      section(bold(title)),
      bullets([...kept, ...(rest > 0 ? [[`and ${rest} older`]] : [])]),
      ...(note === null ? [] : [section(note)]),
    ),
  ]);
}

const sources: Readonly<Record<AuditEntry['from'], string>> = {
  slack: 'in Slack',
  page: 'on the page',
  cli: 'on the command line',
  ci: 'from CI',
  schedule: 'from the schedule',
  inbox: 'from the inbox',
  studio: 'in SageMaker Studio',
};

function auditLine({ at, by, from, action, what, outcome }: AuditEntry): Line {
  return [
    instant(at, 'date and time'),
    ' · ',
    bold(actorName(by)),
    // A system actor's name already says where.
    by.kind === 'system' ? ': ' : ` ${sources[from]}: `,
    code(shown(`${action} ${what}`, 120)),
    ...outcomeParts(outcome),
  ];
}

function outcomeParts(outcome: AuditEntry['outcome']): readonly Inline[] {
  switch (outcome.kind) {
    case 'ok':
      return [];
    case 'refused':
      return [
        outcome.isMisread === true ? ' · not understood: ' : ' · refused: ',
        italic(shown(outcome.reason, 120)),
      ];
    case 'failed':
      return [` · failed: ${failureWords(outcome.code)}`];
  }
}

function textOf(part: Inline): string {
  if (typeof part === 'string') return part;
  return 'text' in part ? String(part.text) : ' '.repeat(30);
}
