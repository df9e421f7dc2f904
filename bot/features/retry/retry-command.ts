import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { startedAnswer } from '../../blocks/started.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Command, Reply } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { sameAgain } from './same-again.ts';

export const retry: Command = {
  name: 'retry',
  usage: '<run or model>',
  summary: 'Repeats an ended run: same dataset, same settings.',
  examples: ['retry spam', 'retry spam-20261122-a1b2c3d4'],
  options: [],
  most: 1,
  async run({ words, tools, caller }) {
    const refusal = refuseOperator(tools, caller, 'start a run');
    if (refusal !== null) return refusal;
    const run = await readRun(tools, words[0], 'any');
    const request = sameAgain(run, { requestId: caller.requestId, requestedBy: caller.actor });
    const pointless = whyNot(run);
    if (pointless !== null) return pointless;
    if (request === null) {
      return refused(
        'A rollback is not repeated.',
        `/mlops rollback ${run.model} asks which version to go back to.`,
      );
    }
    const started = await tools.pipeline.startRun(request);
    return { ...startedAnswer(started, tools.config.channel), data: started };
  },
};

/** Null when repeating makes sense. */
function whyNot(run: Run): Reply | null {
  if (!hasEnded(run)) {
    return refused(`It still goes on: ${headline(run)}.`, `/mlops stop ${run.id} ends it first.`);
  }
  if (run.failure?.code !== 'DATASET_INVALID') return null;
  return refused(
    'The same data would be refused again.',
    'Correct the file and drop it into the inbox; the thread of the run names the rows.',
  );
}

function refused(said: string, hint: string): Reply {
  return { ...answer(said, hint), problem: 'refused' };
}
