import type { Correction, Corrections } from '../../../pipeline/core/corrections.ts';
import { actorName } from '../../blocks/actor.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { plural } from '../../blocks/format.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, type Line, richText, section } from '../../blocks/rich-text.ts';

const MOST_LISTED = 10;

/** The newest corrections of a model, and how to train on them. */
export function correctionsMessage(
  model: string,
  { count, newest }: Corrections,
  now: Date,
): Message {
  if (count === 0) {
    return answer(
      `No answer of ${model} has been corrected yet.`,
      `/mlops predict ${model} asks it; “This is wrong” keeps the right class.`,
    );
  }
  const title = `${plural(count, 'correction')} of ${model}`;
  return message(title, [
    richText(
      section(bold(title)),
      bullets(newest.slice(0, MOST_LISTED).map((each) => itemLine(each, now))),
      ...(count > MOST_LISTED ? [section(`and ${count - MOST_LISTED} more`)] : []),
      section(
        `To train on them: npx mlops corrections ${model} export=yes > corrections.jsonl, then drop that file into append/ in the inbox of ${model}.`,
      ),
    ),
  ]);
}

function itemLine({ input, label, predicted, by, at, version }: Correction, now: Date): Line {
  const asked = shown(typeof input === 'string' ? input : JSON.stringify(input), 120);
  const was = version === null ? shown(predicted, 40) : `v${version}: ${shown(predicted, 40)}`;
  return [bold(shown(label, 40)), ` (${was}) · ${asked} · ${actorName(by)}, ${ago(at, now)}`];
}
