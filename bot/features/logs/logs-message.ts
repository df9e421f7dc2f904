import type { JobLog } from '../../../pipeline/core/pipeline.ts';
import type { RunId } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, preformatted, richText, section } from '../../blocks/rich-text.ts';

/** Characters that fit into one preformatted block. */
const MAX_LOG_CHARACTERS = 2_800;

/** The end of a job's log. */
export function logsMessage(runId: RunId, log: JobLog | null): Message {
  if (log === null || log.lines.length === 0) return answer(`Run ${runId} has no log yet.`);
  const job = { train: 'training', evaluate: 'evaluation' }[log.job];
  // The end of a log matters most: drop whole lines from its beginning.
  const kept: string[] = [];
  let length = 0;
  for (const line of [...log.lines].reverse()) {
    const shownLine = shown(line, 300);
    length += shownLine.length + 1;
    if (length > MAX_LOG_CHARACTERS) break;
    kept.unshift(shownLine);
  }
  const count = kept.length === 1 ? 'Last line' : `Last ${kept.length} lines`;
  return message(`Log of run ${runId}`, [
    richText(
      section(bold(`${count} of the ${job} log of run ${runId}`)),
      preformatted(kept.join('\n')),
    ),
  ]);
}
