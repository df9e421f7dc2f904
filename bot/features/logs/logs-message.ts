import type { JobLog } from '../../../pipeline/core/pipeline.ts';
import type { RunId } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, preformatted, richText, section } from '../../blocks/rich-text.ts';

/** What fits into one preformatted block. */
const MOST_LOG_CHARACTERS = 2_800;

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
