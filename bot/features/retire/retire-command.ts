import { answer } from '../../blocks/answer.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command, CommandTools, Reply } from '../../interaction/command.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { retireModal, retireQuestion } from './retire-modal.ts';
import { refuseRetirement, startRetirement } from './start-retirement.ts';

export const retire: Command = {
  name: 'retire',
  usage: '<model> <reason>',
  summary: 'Takes a model out of production, after you confirm; its versions stay.',
  examples: ['retire spam replaced by the new filter'],
  options: ['reason'],
  maxWords: Number.POSITIVE_INFINITY,
  async run({ words, options, tools, caller }) {
    const model = await readServedModel(tools, words[0]);
    const refusal = refuseForModel(tools, caller, model, 'retire it');
    if (refusal !== null) return refusal;
    const standing = await tools.pipeline.modelStanding(model);
    const impossible = await refuseRetirement(tools, standing);
    if (impossible !== null) return impossible;
    const plan = { ...standing, configName: standing.endpoint?.configName ?? null };
    const reason = options.reason ?? words.slice(1).join(' ');
    if (caller.isConfirmed === undefined) {
      const isOpened = await caller.openModal?.(retireModal(plan, reason));
      return isOpened === true ? null : retireQuestion(plan, reason);
    }
    if (reason.trim() === '') return withoutReason(model);
    if (!caller.isConfirmed) return retireQuestion(plan, reason);
    const { configName } = plan;
    return startRetirement(tools, { model, configName }, { ...caller, reason });
  },
};

/** Also a model that was taken out of the configuration, as long as there are runs of it. */
async function readServedModel(tools: CommandTools, word: string | undefined): Promise<string> {
  const name = word?.toLowerCase() ?? '';
  if (name === '' || Object.hasOwn(tools.config.models, name)) return readModel(tools, word);
  const known = await tools.pipeline.listRuns({ model: name, limit: 1 });
  return known.length > 0 ? name : readModel(tools, word);
}

function withoutReason(model: string): Reply {
  const usage = `Usage: /mlops retire ${model} <reason>`;
  return { ...answer('Say why, in a few words.', usage), problem: 'usage' };
}
