import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { noticeModal } from '../blocks/modal.ts';
import { reasonField } from '../blocks/reason.ts';
import { readRejectionForm, submitRejection } from '../features/approval/decide-actions.ts';
import { audited, auditedForm, outcomeOf } from '../features/audit/record-audit.ts';
import {
  type FormValues,
  type Submitted,
  submitRetrainForm,
} from '../features/retrain/submit-retrain.ts';
import { submitRollback } from '../features/rollback/rollback-actions.ts';
import { rollbackWords } from '../features/rollback/rollback-modal.ts';
import type { Bot } from '../interaction/bot.ts';
import { actorOf } from '../interaction/click.ts';
import { replacePrivateAnswer } from '../web-api/private-answer.ts';
import { orErrorAnswer, orErrorReply } from './ack-deadline.ts';

/** The form of `/mlops retrain`: errors at their fields, or the word that it has started. */
export function onRetrainForm(bot: Bot) {
  return async ({ ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    let submitted: Submitted | null = null;
    const failure = await orErrorAnswer(bot, async () => {
      const actor = actorOf(body.user);
      const model = view.private_metadata;
      const values = view.state.values as FormValues;
      const asked = { id: `slack:form:${view.id}`, by: actor, action: 'retrain', what: model };
      submitted = await audited(
        bot,
        asked,
        () => submitRetrainForm(bot, { actor, viewId: view.id, model, values }),
        (result) => (result.kind === 'errors' ? null : outcomeOf(result.message)),
      );
    });
    const outcome = submitted as Submitted | null;
    if (outcome?.kind === 'errors') {
      return ack({ response_action: 'errors', errors: { ...outcome.errors } });
    }
    const told = failure ?? outcome?.message;
    return told == null ? ack() : ack({ response_action: 'update', view: noticeModal(told) });
  };
}

/** The form of a rollback: what came of it takes its place. */
export function onRollbackForm(bot: Bot) {
  return async ({ ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const { id: viewId, private_metadata: metadata } = view;
    const actor = actorOf(body.user);
    const reason = reasonIn(view);
    const what = `${rollbackWords(metadata)} ${reason}`;
    const told = await orErrorReply(bot, () =>
      auditedForm(bot, { viewId, by: actor, action: 'rollback', what }, () =>
        submitRollback(bot, { actor, metadata, reason }),
      ),
    );
    await ack({ response_action: 'update', view: noticeModal(told) });
  };
}

/** The form of a rejection: it closes, or says why the decision does not count. */
export function onRejection(bot: Bot) {
  return async ({ ack, body, view }: SlackViewMiddlewareArgs<ViewSubmitAction>): Promise<void> => {
    const reason = reasonIn(view);
    if (reason === '') {
      const errors = { [reasonField.block]: 'Say why, in a few words.' };
      return ack({ response_action: 'errors', errors });
    }
    const actor = actorOf(body.user);
    const form = readRejectionForm(view.private_metadata);
    const what = `${form?.target.runId ?? ''} ${reason}`;
    const told = await orErrorReply(bot, () =>
      auditedForm(bot, { viewId: view.id, by: actor, action: 'reject', what }, () =>
        submitRejection(bot, { actor, form, reason }),
      ),
    );
    if (told.problem !== undefined) {
      return ack({ response_action: 'update', view: noticeModal(told) });
    }
    await ack();
    const address = form?.privateAddress ?? null;
    if (address !== null) await orErrorAnswer(bot, () => replacePrivateAnswer(address, told));
  };
}

function reasonIn({ state }: ViewSubmitAction['view']): string {
  return state.values[reasonField.block]?.[reasonField.action]?.value?.trim() ?? '';
}
