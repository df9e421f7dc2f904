import type { StopResult } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { answer, refused } from '../../blocks/answer.ts';
import { plural } from '../../blocks/format.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import { lines } from '../../blocks/rich-text.ts';
import { runNames } from '../../blocks/started.ts';
import { suggest } from '../../blocks/suggestion.ts';
import type { Action } from '../../interaction/action.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Command, CommandInput, Reply } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';

const ALL: ReadonlySet<string> = new Set(['all', 'everything', 'every']);

export const stop: Command = {
  name: 'stop',
  usage: '<run or model>',
  summary: 'Stops a run in progress; production stays as it is.',
  examples: ['stop spam'],
  options: ['confirm'],
  maxWords: 1,
  async run(input) {
    const { words, tools, caller } = input;
    const refusal = refuseOperator(tools, caller, 'stop a run');
    if (refusal !== null) return refusal;
    if (ALL.has(words[0]?.toLowerCase() ?? '')) return stopAll(input);
    const run = await readRun(tools, words[0], 'active');
    const result = await tools.pipeline.stopRun({ runId: run.id, by: caller.actor });
    return { ...stopAnswer(result), data: result };
  },
};

/** Asks first, with a button for each run and one for all of them. */
async function stopAll({ options, tools, caller }: CommandInput): Promise<Reply> {
  const runs = await tools.pipeline.listRuns({ ended: false });
  if (runs.length === 0) return answer('Nothing is running, so there is nothing to stop.');
  if (caller.isConfirmed === true || options.confirm === 'yes') {
    const results = await Promise.all(
      runs.map(({ id }) => tools.pipeline.stopRun({ runId: id, by: caller.actor })),
    );
    return {
      ...message('Stopping', [lines(...results.map((result) => [stopAnswer(result).text]))]),
      data: results,
    };
  }
  const all = { command: 'stop everything confirm=yes', label: `Stop all ${runs.length} runs` };
  const each = runs.slice(0, 4).map((run) => ({
    command: `stop ${run.id}`,
    label: `Stop ${run.model}: ${headline(run)}`,
  }));
  const asked = suggest(`Stop ${plural(runs.length, 'run')}?`, {
    hint: 'Production stays as it is.',
    suggestions: runs.length === 1 ? each : [...each, all],
    requestId: caller.requestId,
  });
  return { ...asked, asks: true };
}

async function stopRun(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'stop a run');
  if (refusal !== null) return click.answer(refusal);
  const result = await bot.pipeline.stopRun({ runId: click.value, by: click.actor });
  await bot.cards.onEvent(result.run.id, { redraw: result.status !== 'stopping' });
  if (result.status !== 'stopping') await click.answer(stopAnswer(result));
}

/** The Stop button on a card. */
export const stopAction: Action = {
  id: actionIds.stop,
  handle: stopRun,
  audit: { command: 'stop' },
};

/** The answer to a request to stop a run. */
export function stopAnswer({ status, run }: StopResult): Message {
  switch (status) {
    case 'stopping':
      return answer(`Stopping the ${runNames[run.kind]} of ${run.model}.`, `Run ${run.id}.`);
    case 'already_ended':
      return answer(`That run has already ended: ${headline(run)}.`);
    case 'too_late':
      return refused(
        `Too late to stop: the deployment of ${run.model} has already started.`,
        `/mlops rollback ${run.model} undoes it once it is live.`,
      );
  }
}
