import type { Button } from '@slack/types';
import type { ModelInput } from '../../../pipeline/core/corrections.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { answer, errorAnswer, refused } from '../../blocks/answer.ts';
import { button } from '../../blocks/button.ts';
import { plural } from '../../blocks/format.ts';
import type { Action } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Reply } from '../../interaction/command.ts';
import type { Form, Submission, Submitted } from '../../interaction/form.ts';
import { tryToOpen } from '../../web-api/open-modal.ts';
import { classesOf, openTry, takesText } from './ask-model.ts';
import { readAsked, readInput } from './asked.ts';
import { predictionMessage } from './prediction-message.ts';
import { answerModal, correctFormId, correctionModal, tryFields, tryFormId } from './try-modals.ts';

/** Opens the form that asks the model in production. */
export function tryButton(model: string): Button {
  return button(actionIds.tryModel, 'Try it…', model);
}

async function openForm(bot: Bot, click: Click): Promise<void> {
  const opened = await openTry(bot, click.value);
  if ('refusal' in opened) return click.answer(opened.refusal);
  if (await tryToOpen(bot, () => click.openModal(opened.view))) return;
  await click.answer(
    answer(
      'Slack did not open the form in time.',
      `/mlops predict ${click.value} <text> asks too.`,
    ),
  );
}

/** “This is wrong” below an answer. */
async function openCorrection(bot: Bot, click: Click): Promise<void> {
  const asked = readAsked(click.value);
  if (asked === null)
    return click.answer(refused('This button is from an older version of the bot.'));
  const view = correctionModal(asked, click.value, await classesOf(bot, asked.model));
  if (await tryToOpen(bot, () => click.openModal(view))) return;
  await click.answer(answer('Slack did not open the form in time. Press the button again.'));
}

export const tryActions: readonly Action[] = [
  { id: actionIds.tryModel, handle: openForm, audit: null },
  { id: actionIds.correct, handle: openCorrection, audit: null },
];

/** Where this process goes on after its answer, it does not wait longer: Slack allows 3 s. */
const PATIENCE_MILLISECONDS = 2_000;

async function ask(bot: Bot, submission: Submission): Promise<Submitted> {
  const { metadata: model, entered, actor } = submission;
  const input = readInput(entered(tryFields.input), takesText(bot, model));
  if (input === null) {
    const errors = { [tryFields.input]: 'This is not a JSON object such as {"radius": 17.99}.' };
    return { kind: 'errors', errors };
  }
  const answered = submittedAnswer(bot, model, input);
  // On Lambda nothing goes on after the answer; there a slow request continues elsewhere by itself.
  if (bot.local === null) return answered;
  return Promise.race([answered, laterByMessage(bot, actor.id, answered)]);
}

async function submittedAnswer(bot: Bot, model: string, input: ModelInput): Promise<Submitted> {
  try {
    const prediction = await bot.pipeline.predict({ model, input });
    const classes = await classesOf(bot, model, prediction.scores);
    const view = answerModal(prediction, input, classes);
    return { kind: 'next', view, reply: predictionMessage(prediction, input) };
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    return { kind: 'answered', reply: errorAnswer(error, '') };
  }
}

/** An endpoint that starts may take a minute: the answer is then a direct message. */
function laterByMessage(
  bot: Bot,
  userId: string,
  answered: Promise<Submitted>,
): Promise<Submitted> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      const reply = answer(
        'The endpoint is starting.',
        'Its answer will be a direct message to you.',
      );
      resolve({ kind: 'answered', reply });
      void answered
        .then((late) => send(bot, userId, late))
        .catch((error) => bot.log(String(error)));
    }, PATIENCE_MILLISECONDS);
    void answered.finally(() => clearTimeout(timer)).catch(() => undefined);
  });
}

async function send(bot: Bot, userId: string, late: Submitted): Promise<void> {
  if (late.kind === 'errors') return;
  const { text, blocks }: Reply = late.reply;
  await bot.client.chat.postMessage({ channel: userId, text, blocks: [...blocks] });
}

/** The form that asks a model; its answer takes the place of the form. */
export const tryForm: Form = {
  id: tryFormId,
  submit: ask,
  audit: { command: 'predict', describe: ({ metadata }) => metadata },
};

async function keep(bot: Bot, { metadata, entered, actor }: Submission): Promise<Submitted> {
  const asked = readAsked(metadata);
  if (asked === null) {
    return { kind: 'answered', reply: refused('This form is from an older version of the bot.') };
  }
  const { model } = asked;
  const label = entered(tryFields.label);
  const at = bot.clock.now().toISOString();
  const { isNew, count } = await bot.pipeline.correct({ ...asked, label, by: actor, at });
  return {
    kind: 'answered',
    reply: answer(
      isNew
        ? 'The correction is kept.'
        : 'It takes the place of the earlier correction of this row.',
      `${plural(count, 'correction')} of ${model} so far. /mlops corrections ${model} lists them and says how to train on them.`,
    ),
  };
}

/** The form that names the right class. */
export const correctForm: Form = {
  id: correctFormId,
  submit: keep,
  audit: {
    command: 'correct',
    describe: ({ metadata, entered }) => {
      const asked = readAsked(metadata);
      return `${asked?.model ?? ''} ${asked?.predicted ?? ''} → ${entered(tryFields.label)}`;
    },
  },
};
