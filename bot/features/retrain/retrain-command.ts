import { MlopsError } from '../../../pipeline/core/errors.ts';
import { parseHyperparameters } from '../../../pipeline/core/hyperparameters.ts';
import { refused } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import { lines } from '../../blocks/rich-text.ts';
import { startedAnswer } from '../../blocks/started.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { readDataset } from './known-datasets.ts';
import { readSettings } from './read-settings.ts';
import { retrainNotes } from './retrain-notes.ts';
import { retrainFormView } from './submit-retrain.ts';

export const retrain: Command = {
  name: 'retrain',
  usage:
    '<model> [hyperparameter=value …] [dataset=<version> [append=yes]] [spot=false] [commit=<sha>] [reason="…"]',
  summary: 'Trains and evaluates a new candidate; without arguments, opens a form.',
  examples: [
    'retrain',
    'retrain spam',
    'retrain spam 5 epochs',
    'retrain spam num_train_epochs=5 spot=false reason="longer"',
  ],
  options: 'any',
  // Settings may be words: 5 epochs.
  maxWords: 20,
  async run({ words, options, tools, caller }) {
    const isBare = words.length === 0 && Object.keys(options).length === 0;
    const asksForm = isBare && caller.openModal !== undefined;
    const model = asksForm ? firstModel(tools.config.models) : readModel(tools, words[0]);
    const refusal = refuseOperator(tools, caller, 'retrain a model');
    if (refusal !== null) return refusal;
    if (asksForm) {
      const isOpened = await caller.openModal?.(await retrainFormView(tools, model));
      return isOpened === true ? null : notOpened;
    }
    const recipe = tools.pipeline.recipe(model);
    const { reason = null, dataset, append, spot, commit, ...typed } = options;
    const appends = append !== undefined && readSwitch('append', append);
    if (appends && dataset === undefined) throw appendsWhat(model);
    const hyperparameters = readSettings(recipe, { words: words.slice(1), options: typed });
    parseHyperparameters(recipe, hyperparameters);
    const started = await tools.pipeline.startRun({
      kind: 'retrain',
      requestId: caller.requestId,
      model,
      requestedBy: caller.actor,
      reason,
      ...(dataset === undefined
        ? { dataset: null }
        : await readDataset(tools.pipeline, model, dataset, appends)),
      hyperparameters,
      spot: spot === undefined ? null : readSwitch('spot', spot),
      ...(commit === undefined ? {} : { commit: readCommit(commit) }),
    });
    const reply = { ...startedAnswer(started, tools.config.channel), data: started };
    if (!started.isNew) return reply;
    const notes = await retrainNotes(tools, started.run, { isDataNamed: dataset !== undefined });
    return notes.length === 0 ? reply : { ...reply, blocks: [...reply.blocks, lines(...notes)] };
  },
};

const notOpened = refused(
  'Slack did not open the form in time.',
  'Run the command again, or name the model: see /mlops help retrain.',
);

function firstModel(models: Readonly<Record<string, unknown>>): string {
  return Object.keys(models)[0] ?? '';
}

const switchHints = {
  spot: 'spot=true trains on Spot, spot=false on an on-demand machine.',
  append: 'append=yes adds the dataset to the data of production, append=no trains on it alone.',
} as const;

const appendsWhat = (model: string) =>
  new MlopsError('DATASET_UNKNOWN', 'append=yes needs the dataset that is to be appended.', {
    hint: `Name it: /mlops retrain ${model} dataset=<version> append=yes.`,
  });

/** @throws {MlopsError} `HYPERPARAMETER_INVALID` for anything but yes or no. */
function readSwitch(name: keyof typeof switchHints, typed: string): boolean {
  const word = typed.toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new MlopsError(
    'HYPERPARAMETER_INVALID',
    `${name} = “${shown(typed, 40)}” is not true or false.`,
    { hint: switchHints[name] },
  );
}

/** @throws {MlopsError} `HYPERPARAMETER_INVALID` for anything but a git commit hash. */
function readCommit(typed: string): string {
  if (/^[0-9a-f]{7,64}$/i.test(typed)) return typed.toLowerCase();
  throw new MlopsError(
    'HYPERPARAMETER_INVALID',
    `commit = “${shown(typed, 40)}” is not a commit hash.`,
    {
      hint: 'Use 7 to 64 hexadecimal digits, as git rev-parse HEAD prints.',
    },
  );
}
