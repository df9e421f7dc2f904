import type { TypedSettings } from '../../../pipeline/core/gate/gate-settings.ts';
import { reasonsOf, type Verdict } from '../../../pipeline/core/gate/verdict.ts';
import type { GateReplay } from '../../../pipeline/core/pipeline.ts';
import { shown } from '../../blocks/escape.ts';
import { count, plural } from '../../blocks/format.ts';
import { verdictName } from '../../blocks/gate-line.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, bullets, richText, section } from '../../blocks/rich-text.ts';

const MAX_REASONS = 8;

/** The verdict of a run and the one of a replay, each with its reasons, the decisive ones first. */
export function replayMessage(
  { run, recorded, replayed }: GateReplay,
  settings: TypedSettings,
): Message {
  const changed = Object.entries(settings).map(([name, value]) => `${name}=${shown(value, 20)}`);
  const by = changed.length === 0 ? 'the present configuration' : changed.join(' ');
  const same = recorded.outcome === replayed.outcome ? ', as recorded' : '';
  const title = `Gate of ${run.id} with ${by}: ${verdictName(replayed)}${same}`;
  return message(title, [
    richText(
      section(bold(title)),
      ...reasonLines(replayed),
      section(bold(`Recorded: ${verdictName(recorded)}`)),
      ...reasonLines(recorded),
      section('A replay changes nothing and counts as no look at the held-out rows.'),
    ),
  ]);
}

function reasonLines(verdict: Verdict) {
  const reasons = reasonsOf(verdict);
  const rest = reasons.length - MAX_REASONS;
  const { rowsNeeded } = verdict;
  return [
    bullets([
      ...reasons.slice(0, MAX_REASONS).map((reason) => [shown(reason, 240)]),
      ...(rest > 0 ? [[`and ${plural(rest, 'more reason')}`]] : []),
      ...(rowsNeeded === null
        ? []
        : [[`About ${count(rowsNeeded)} held-out rows would settle it.`]]),
    ]),
  ];
}
