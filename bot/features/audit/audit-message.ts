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

/** With these, one rich text block stays below its 3000 characters. */
const MOST_CHARACTERS = 2_600;

export function auditMessage(entries: readonly AuditEntry[], model: string | null): Message {
  const about = model === null ? '' : ` with ${model}`;
  if (entries.length === 0) return answer(`Nobody did anything${about} yet.`);
  const title = `Who did what${about}`;
  const kept: Line[] = [];
  let length = 0;
  for (const entry of entries) {
    const line = auditLine(entry);
    length += line.reduce((sum, part) => sum + textOf(part).length, 0);
    if (length > MOST_CHARACTERS) break;
    kept.push(line);
  }
  const rest = entries.length - kept.length;
  return message(title, [
    richText(
      section(bold(title)),
      bullets([...kept, ...(rest > 0 ? [[`and ${rest} older`]] : [])]),
    ),
  ]);
}

const sources: Readonly<Record<AuditEntry['from'], string>> = {
  slack: 'in Slack',
  page: 'on the page',
  cli: 'on the command line',
  ci: 'from CI',
  schedule: 'by the schedule',
  inbox: 'by the inbox',
  studio: 'in SageMaker Studio',
};

function auditLine({ at, by, from, action, what, outcome }: AuditEntry): Line {
  return [
    instant(at, 'date and time'),
    ' · ',
    bold(actorName(by)),
    // A door that is no person says by itself where it was.
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
      return [' · refused: ', italic(shown(outcome.reason, 120))];
    case 'failed':
      return [` · failed: ${outcome.code}`];
  }
}

function textOf(part: Inline): string {
  if (typeof part === 'string') return part;
  return 'text' in part ? String(part.text) : ' '.repeat(30);
}
