import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import type { RunId } from '../../../pipeline/core/run.ts';
import { modelFacts } from '../../blocks/message.ts';
import { readModel, readRun } from '../../interaction/arguments.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { runStatus, statusMessage } from './status-message.ts';

export const status: Command = {
  name: 'status',
  usage: '[model or run]',
  summary: 'What is in production, and which runs are in progress.',
  examples: ['status', 'status spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const { config, pipeline, clock } = tools;
    const statusOf = async (models: readonly ModelStatus[]) => ({
      ...statusMessage(models, clock.now(), await cardsOf(models, tools)),
      data: models,
    });
    if (word === undefined) return statusOf(await pipeline.fleet());
    if (Object.hasOwn(config.models, word.toLowerCase())) {
      return statusOf([await pipeline.modelStatus(word.toLowerCase())]);
    }
    // A word without digits is more likely a mistyped model than a run id.
    if (!/\d/.test(word)) readModel(tools, word);
    const run = await readRun(tools, word, 'any');
    const facts = { ...modelFacts(config, run.model), isRemote: tools.isRemote };
    return { ...runStatus(run, facts), data: run };
  },
};

/** Most cards looked up; each is a call to Slack the first time. */
const MOST_LINKS = 12;

/** Addresses of the cards of the runs that a status names. */
async function cardsOf(
  models: readonly ModelStatus[],
  { cardLink }: Pick<CommandTools, 'cardLink'>,
): Promise<ReadonlyMap<RunId, string>> {
  const ids = models.flatMap(({ activeRuns, recentRuns, production }) => [
    ...activeRuns.slice(0, 3).map(({ id }) => id),
    ...recentRuns.slice(0, 1).map(({ id }) => id),
    ...(production === null ? [] : [production.runId]),
  ]);
  const found = await Promise.all(
    [...new Set(ids)].slice(0, MOST_LINKS).map(async (id) => [id, await cardLink(id)] as const),
  );
  return new Map(found.flatMap(([id, address]) => (address === null ? [] : [[id, address]])));
}
