import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { startedAnswer } from '../../blocks/started.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command, Reply } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { sameAgain } from './next-attempt.ts';
import { retryQuestion } from './retry-question.ts';

export const retry: Command = {
  name: 'retry',
  usage: '<run or model>',
  summary: 'Repeats a finished run with the same dataset and settings.',
  examples: ['retry spam', 'retry spam-20261122-a1b2c3d4'],
  options: [],
  maxWords: 1,
  async run({ words, tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'start a run');
    if (refusal !== null) return refusal;
    const run = await readRun(tools, words[0], 'any');
    const request = sameAgain(run, { requestId: caller.requestId, requestedBy: caller.actor });
    const pointless = whyNot(run);
    if (pointless !== null) return pointless;
    if (request === null) {
      return refused('A rollback cannot be retried.', `Use /mlops rollback ${run.model} instead.`);
    }
    const isBlocked = run.verdict?.outcome === 'fail';
    if (isBlocked && caller.isConfirmed !== true) {
      return { ...retryQuestion(run, caller.requestId), data: { run: run.id, verdict: 'fail' } };
    }
    const started = await tools.pipeline.startRun(request);
    return { ...startedAnswer(started, tools.config.channel), data: started };
  },
};

/** Refuses a retry that cannot help; null when it can. */
function whyNot(run: Run): Reply | null {
  if (!hasEnded(run)) {
    return refused(
      `That run is still in progress: ${headline(run)}.`,
      `/mlops stop ${run.id} stops it.`,
    );
  }
  if (run.failure?.code !== 'DATASET_INVALID') return null;
  return refused(
    'The same data would be rejected again.',
    'Correct the file and drop it into the inbox; the thread of the run lists the rows.',
  );
}
