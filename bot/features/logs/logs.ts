import { maskSecrets } from '../../../pipeline/core/mask-secrets.ts';
import type { JobLog } from '../../../pipeline/core/pipeline.ts';
import type { RunId } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, preformatted, richText, section } from '../../blocks/rich-text.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';

const LOG_LINES = 40;

const jobs = ['train', 'evaluate'] as const;

export const logs: Command = {
  name: 'logs',
  usage: '<run or model> [train|evaluate]',
  summary: `The last ${LOG_LINES} log lines of a run’s latest job, or of the job you name.`,
  examples: ['logs spam', 'logs spam train'],
  options: [],
  maxWords: 2,
  async run({ words: [word, kind], tools }) {
    const job = jobs.find((each) => each === kind?.toLowerCase());
    if (kind !== undefined && job === undefined) {
      const reply = answer(`“${shown(kind, 40)}” is not a job.`, 'Use train or evaluate.');
      return { ...reply, problem: 'usage' };
    }
    const run = await readRun(tools, word, 'any');
    const asked = { runId: run.id, lines: LOG_LINES, ...(job === undefined ? {} : { job }) };
    const log = await tools.pipeline.logs(asked);
    const printed = log?.lines ?? [];
    // Masked as one text, because a private key spans lines.
    const lines = printed.length === 0 ? [] : maskSecrets(printed.join('\n')).split('\n');
    const reply = logsMessage(run.id, log === null ? null : { ...log, lines });
    return { ...reply, data: { run: run.id, job: log?.job ?? null, lines } };
  },
};

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
