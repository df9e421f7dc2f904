import { MlopsError } from '../../pipeline/core/errors.ts';
import { parseHyperparameters } from '../../pipeline/core/hyperparameters.ts';
import type { Dataset } from '../../pipeline/core/run.ts';
import { shown } from '../messages/escape.ts';
import { startedAnswer } from '../messages/started.ts';
import { readModel } from './arguments.ts';
import type { Command, CommandTools } from './command.ts';
import { refuseOperator } from './rights.ts';

export const retrain: Command = {
  name: 'retrain',
  usage: '<model> [hyperparameter=value …] [dataset=<version>] [reason="…"]',
  summary: 'Trains, evaluates and offers a new version.',
  examples: ['retrain spam', 'retrain spam epochs=3 reason="try longer training"'],
  options: 'any',
  most: 1,
  async run({ words, options, tools, caller }) {
    const model = readModel(tools, words[0]);
    const refusal = refuseOperator(tools, caller, 'retrain a model');
    if (refusal !== null) return refusal;
    const { reason = null, dataset, ...hyperparameters } = options;
    parseHyperparameters(tools.pipeline.recipe(model), hyperparameters);
    const started = await tools.pipeline.startRun({
      kind: 'retrain',
      requestId: caller.requestId,
      model,
      requestedBy: caller.actor,
      reason,
      dataset: dataset === undefined ? null : await readDataset(tools, model, dataset),
      hyperparameters,
    });
    return startedAnswer(started, tools.config.channel);
  },
};

/** A dataset some earlier run of the model was made with, by its version or the start of it. */
async function readDataset(tools: CommandTools, model: string, typed: string): Promise<Dataset> {
  const runs = await tools.pipeline.listRuns({ model, limit: 200 });
  const known = runs.flatMap(({ dataset }) => (dataset === null ? [] : [dataset]));
  const found =
    typed.length < 4
      ? undefined
      : known.find(({ version }) => version.startsWith(typed.toLowerCase()));
  if (found !== undefined) return found;
  const versions = [...new Set(known.map(({ version }) => version))].slice(0, 5);
  throw new MlopsError(
    'DATASET_UNKNOWN',
    `${model} has no dataset version “${shown(typed, 40)}”.`,
    {
      hint:
        versions.length === 0
          ? 'Drop a dataset into the inbox first.'
          : `The newest are: ${versions.join(', ')}.`,
    },
  );
}
