import type { Run } from '../../../pipeline/core/run.ts';
import { refused } from '../../blocks/answer.ts';
import { headline, isWaitingForApproval } from '../../blocks/headline.ts';
import { readRun } from '../../interaction/arguments.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Command } from '../../interaction/command.ts';
import type { Form, Submission, Submitted } from '../../interaction/form.ts';
import { refuseForModel } from '../../interaction/rights.ts';
import { handOverAnswer, whyNotHandedOver } from './hand-over-message.ts';
import { handOverModal, handOverModalId, personBlock } from './hand-over-modal.ts';

export const handover: Command = {
  name: 'handover',
  usage: '<run or model>',
  summary: 'Opens a form that asks another approver to decide on an open request.',
  examples: ['handover spam'],
  options: [],
  maxWords: 1,
  async run({ words, tools, caller }) {
    const run = await readRun(tools, words[0], 'waiting');
    const refusal = refuseForModel(tools, caller, run.model, 'hand over its requests');
    if (refusal !== null) return refusal;
    if (!isWaitingForApproval(run)) return nothingToDecide(run);
    const isOpened = await caller.openModal?.(handOverModal(run));
    return isOpened === true
      ? null
      : refused(
          'Handing over needs a form, which did not open here.',
          `Type /mlops handover ${run.id} in Slack, or choose “Hand over…” in /mlops approvals.`,
        );
  },
};

const nothingToDecide = (run: Run) => refused(`There is nothing to decide: ${headline(run)}.`);

/** The form: asks the person in the thread and by a direct message, or says why they cannot decide. */
export const handOverForm: Form = {
  id: handOverModalId,
  submit: submitHandOver,
  audit: {
    command: 'handover',
    describe: ({ metadata, entered }) => `${metadata} ${entered(personBlock)}`,
  },
};

async function submitHandOver(
  bot: Bot,
  { actor, metadata: runId, entered }: Submission,
): Promise<Submitted> {
  const error = (text: string): Submitted => ({ kind: 'errors', errors: { [personBlock]: text } });
  const chosen = entered(personBlock);
  if (chosen === '') return error('Choose somebody.');
  if (chosen === actor.id) return error('That is you. Choose somebody else.');
  const run = await bot.pipeline.getRun(runId);
  if (run === null) return { kind: 'answered', reply: refused('That run no longer exists.') };
  const [own, to, memberOf] = await Promise.all([
    bot.people.memberOf(actor.id),
    bot.people.actorOf(chosen),
    bot.people.memberOf(chosen),
  ]);
  const caller = { actor, memberOf: own };
  const refusal = refuseForModel(bot, caller, run.model, 'hand over its requests');
  if (refusal !== null) return { kind: 'answered', reply: refusal };
  const result = await bot.pipeline.handOver({ runId, by: actor, to, memberOf });
  await bot.cards.onEvent(runId);
  if (result.status === 'refused') {
    return error(whyNotHandedOver(result.run, result.refusal, to));
  }
  const isInThreadOnly = (await bot.notifications?.of(to.id)) === 'thread';
  return { kind: 'answered', reply: handOverAnswer(result.run, to, isInThreadOnly) };
}
