import { maskSecrets } from '../../../pipeline/core/mask-secrets.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { logsMessage } from './logs-message.ts';

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
