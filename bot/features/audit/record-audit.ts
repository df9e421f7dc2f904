import {
  type AuditEntry,
  type AuditSource,
  auditText,
  modelNamedBy,
} from '../../../pipeline/core/audit.ts';
import { recordAudit } from '../../../pipeline/core/record-audit.ts';
import type { Message } from '../../blocks/message.ts';
import { reasonField } from '../../blocks/reason.ts';
import { type Action, readableValue } from '../../interaction/action.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Caller, Reply } from '../../interaction/command.ts';
import type { Form, Submission, Submitted } from '../../interaction/form.ts';

type Tools = Pick<Bot, 'config' | 'pipeline' | 'clock' | 'log'>;

/** Runs a typed command and records it; `from` is set when it did not come from Slack. */
export function recordCommand(
  bot: Tools,
  typed: {
    readonly action: string;
    readonly what: string;
    readonly caller: Pick<Caller, 'actor' | 'requestId' | 'deliveryId'>;
    readonly from?: AuditSource;
  },
  run: () => Promise<Reply | null>,
): Promise<Reply | null> {
  const { action, what, caller, from } = typed;
  const asked = {
    id: caller.deliveryId ?? caller.requestId,
    by: caller.actor,
    action: auditText(action).slice(0, 40),
    what,
    ...(from === undefined ? {} : { from }),
  };
  return record(bot, asked, run, (reply) => (reply === null ? null : outcomeOf(reply)));
}

/** Handles a click and records it, unless the button only shows something. */
export async function recordClick(bot: Bot, action: Action, click: Click): Promise<void> {
  const { audit, handle, id } = action;
  if (audit === null) return handle(bot, click);
  const { describe = readableValue } = audit;
  const observed = observeAnswers(click);
  const asked = {
    id: `slack:${click.triggerId}:${id}`,
    by: click.actor,
    action: audit.command,
    what: `${describe(click.value)} ${click.entered(reasonField.block)}`,
  };
  await record(bot, asked, () => handle(bot, observed.click), observed.outcome);
}

/** Handles a submitted form and records it, once however often it is delivered. */
export function recordForm(bot: Bot, form: Form, submission: Submission): Promise<Submitted> {
  const asked = {
    id: `slack:form:${submission.viewId}`,
    by: submission.actor,
    action: form.audit.command,
    what: form.audit.describe(submission),
  };
  return record(
    bot,
    asked,
    () => form.submit(bot, submission),
    // A form that leads to another, in the same view, has only shown something.
    (submitted) =>
      submitted.kind === 'errors' || submitted.kind === 'next' ? null : outcomeOf(submitted.reply),
  );
}

/** The outcome a reply stands for: refused with its text, nothing yet (null), or done. */
function outcomeOf(message: Message): AuditEntry['outcome'] | null {
  const { problem, asks } = message as Reply;
  if (asks === true) return null;
  if (problem === undefined) return { kind: 'ok' };
  const reason = auditText(message.text);
  return { kind: 'refused', reason, ...(problem === 'usage' ? { isMisread: true } : {}) };
}

/** The pipeline writes an entry of each decision that counts. */
const decisions: readonly string[] = ['approve', 'reject'];

/** Records without failing: if the audit log cannot be written, the process log names the entry. */
function record<T>(
  { config, pipeline, clock, log }: Tools,
  asked: Pick<AuditEntry, 'id' | 'by' | 'action' | 'what'> & { readonly from?: AuditSource },
  work: () => Promise<T>,
  outcome: (result: T) => AuditEntry['outcome'] | null,
): Promise<T> {
  const what = auditText(asked.what);
  const model = modelNamedBy(what.split(' ')[0] ?? '', Object.keys(config.models));
  const isWritten = decisions.includes(asked.action);
  const onLost = (error: unknown) => log(`The audit log missed ${asked.id}: ${String(error)}`);
  return recordAudit(
    { audit: pipeline.audit, clock, onLost },
    { from: 'slack', ...asked, what, model },
    work,
    {
      outcomeOf(result) {
        const found = outcome(result);
        return isWritten && found?.kind === 'ok' ? null : found;
      },
      once: ['ok', 'refused'],
    },
  );
}

/** The click, and its outcome according to its last answer. */
function observeAnswers(click: Click) {
  let outcome: AuditEntry['outcome'] | null = { kind: 'ok' };
  const observe = (message: Message) => {
    outcome = outcomeOf(message);
  };
  const observed: Click = {
    ...click,
    answer: (message) => {
      observe(message);
      return click.answer(message);
    },
    replace: (message) => {
      observe(message);
      return click.replace(message);
    },
    openModal: (view) => {
      // A form only asks; its submission is recorded instead.
      if (view.callback_id !== undefined) outcome = null;
      return click.openModal(view);
    },
  };
  return { click: observed, outcome: () => outcome };
}
