import type { ModalView } from '@slack/web-api';
import { defaultOf } from '../../../pipeline/core/base-model.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { parseHyperparameters } from '../../../pipeline/core/hyperparameters.ts';
import { modelConfig, modelHyperparameters } from '../../../pipeline/core/model-config.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { settingsToInherit } from '../../../pipeline/core/run-settings.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { truncate } from '../../blocks/escape.ts';
import { settingsInWords } from '../../blocks/setting-words.ts';
import { startedAnswer } from '../../blocks/started.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { CommandTools } from '../../interaction/command.ts';
import type { Form, Submission, Submitted } from '../../interaction/form.ts';
import { refuseOperator } from '../../interaction/rights.ts';
import { knownDatasets, readDataset } from './known-datasets.ts';
import { type RetrainForm, retrainFields } from './retrain-form.ts';
import { retrainFormId, retrainModal } from './retrain-modal.ts';
import { standingWords } from './standing-words.ts';

type Tools = Pick<CommandTools, 'config' | 'pipeline' | 'clock'>;

/** The form for one model, filled with the values that apply if nothing is changed. */
export async function retrainFormView(tools: Tools, model: string): Promise<ModalView> {
  return retrainModal(await formOf(tools, model));
}

async function formOf({ config, pipeline, clock }: Tools, model: string): Promise<RetrainForm> {
  const settings = modelConfig(config, model);
  const recipe = pipeline.recipe(model);
  const { hyperparameters } = recipe;
  const configured = modelHyperparameters(settings);
  const [known, { maker, live }, { count }] = await Promise.all([
    knownDatasets(pipeline, model),
    productionMaker(pipeline, model),
    pipeline.corrections(model, 0),
  ]);
  const defaults = { ...configured, ...settingsToInherit(recipe, configured, maker) };
  return {
    model,
    models: Object.entries(config.models).map(([name, { title }]) => ({ name, title })),
    datasets: known
      .filter(({ rows }) => rows !== null)
      .map(({ dataset: { version, fileName, files }, rows, usedAt, standing }) => ({
        version,
        fileName,
        ...(files === undefined ? {} : { files: files.length }),
        rows,
        usedAt,
        suspicion: standingWords[standing],
      })),
    settings: Object.entries(hyperparameters).map(([name, spec]) => ({
      name,
      spec,
      value: String(defaults[name] ?? defaultOf(spec, defaults)),
    })),
    ...(live === null ? {} : { live }),
    spot: settings.training.spot,
    corrections: count,
    now: clock.now(),
  };
}

/** The version in production and the run that made it, whose settings are the defaults. */
async function productionMaker(
  pipeline: Tools['pipeline'],
  model: string,
): Promise<{ readonly live: number | null; readonly maker: Run | null }> {
  const { production } = await pipeline.modelStatus(model);
  if (production === null) return { live: null, maker: null };
  const { version, runId } = production.version;
  return { live: version, maker: await pipeline.getRun(runId) };
}

/** The button of the Home tab. */
async function openRetrainForm(bot: Bot, click: Click): Promise<void> {
  const memberOf = await bot.people.memberOf(click.actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'retrain a model');
  if (refusal !== null) return click.answer(refusal);
  await click.openModal(await retrainFormView(bot, click.value));
}

/** Another model was chosen: shows its datasets, hyperparameters and limits. */
async function changeRetrainModel(bot: Bot, click: Click): Promise<void> {
  await click.updateModal(await retrainFormView(bot, click.value));
}

/** Every setting of the model the form is about; Slack keeps what was entered in the fields. */
async function showMoreSettings(bot: Bot, click: Click): Promise<void> {
  await click.updateModal(retrainModal({ ...(await formOf(bot, click.value)), isLong: true }));
}

/** Starts the run the form describes, or shows errors at its fields. */
async function submitRetrainForm(
  bot: Bot,
  { actor, viewId, metadata: model, entered }: Submission,
): Promise<Submitted> {
  const memberOf = await bot.people.memberOf(actor.id);
  const refusal = refuseOperator(bot, { memberOf }, 'retrain a model');
  if (refusal !== null) return { kind: 'answered', reply: refusal };
  const form = await formOf(bot, model);
  const errors: Record<string, string> = {};
  if (entered(retrainFields.model) !== model) {
    errors[retrainFields.model] = `The fields below belong to ${model}. Choose the model again.`;
  }
  const changed = readSettings(bot, form, entered, errors);
  const version = entered(retrainFields.dataset(model));
  if (version === '') {
    errors[form.datasets.length === 0 ? retrainFields.model : retrainFields.dataset(model)] =
      `${model} has no valid dataset yet. Drop a file into its inbox first.`;
  }
  if (Object.keys(errors).length > 0) return { kind: 'errors', errors };
  const spot = entered(retrainFields.spot(model)) === 'true';
  const started = await bot.pipeline.startRun({
    kind: 'retrain',
    requestId: `form:${viewId}`,
    model,
    requestedBy: actor,
    reason: entered(retrainFields.reason) || null,
    ...(await readDataset(
      bot.pipeline,
      model,
      version,
      entered(retrainFields.use(model)) === 'append',
    )),
    hyperparameters: changed,
    spot: spot === form.spot ? null : spot,
  });
  await bot.cards.onEvent(started.run.id);
  return { kind: 'answered', reply: startedAnswer(started, bot.config.channel) };
}

/** The settings that differ from their defaults; values the recipe rejects go to `errors`. */
function readSettings(
  bot: Bot,
  form: RetrainForm,
  entered: (block: string) => string,
  errors: Record<string, string>,
): Record<string, string> {
  const recipe = bot.pipeline.recipe(form.model);
  const changed: Record<string, string> = {};
  for (const { name, spec, value } of form.settings) {
    const block = retrainFields.setting(form.model, name);
    const typed = entered(block);
    if (typed === '' || typed === value) continue;
    try {
      const parsed = parseHyperparameters(recipe, { [name]: typed })[name];
      const isNumber = spec.type === 'number' || spec.type === 'integer';
      if (isNumber ? parsed !== Number(value) : String(parsed) !== value) changed[name] = typed;
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      errors[block] = truncate(settingsInWords(error.message), 150);
    }
  }
  return changed;
}

/** The Retrain button of the Home tab and the menu of models in the form. */
export const retrainActions: readonly Action[] = [
  { id: actionIds.retrainModel, handle: openRetrainForm, audit: { command: 'retrain' } },
  { id: actionIds.retrainChooseModel, handle: changeRetrainModel, audit: null },
  { id: actionIds.retrainMore, handle: showMoreSettings, audit: null },
];

/** The form of `/mlops retrain`. */
export const retrainForm: Form = {
  id: retrainFormId,
  submit: submitRetrainForm,
  audit: { command: 'retrain', describe: ({ metadata: model }) => model },
};
