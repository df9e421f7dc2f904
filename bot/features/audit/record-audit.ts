import {
  type AuditEntry,
  type AuditSource,
  auditText,
  modelNamedBy,
} from '../../../pipeline/core/audit.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { actionIds } from '../../blocks/button.ts';
import type { Message } from '../../blocks/message.ts';
import { reasonField } from '../../blocks/reason.ts';
import type { Bot } from '../../interaction/bot.ts';
import type { Click } from '../../interaction/click.ts';
import type { Caller, Reply } from '../../interaction/command.ts';
import { rollbackWords } from '../rollback/rollback-modal.ts';

type Tools = Pick<Bot, 'config' | 'pipeline' | 'clock' | 'log'>;

interface Asked extends Pick<AuditEntry, 'id' | 'by' | 'action' | 'what'> {
  readonly from?: AuditSource;
}

/** What came of it: null leaves no entry, because nothing was decided yet. */
type Outcome = AuditEntry['outcome'] | null;

/**
 * Does what was asked and writes who asked what, from where and what came of it. The entry is
 * written before the answer goes out, since on Lambda nothing runs on after that; without the log
 * the answer still goes out.
 */
export async function audited<T>(
  { config, pipeline, clock, log }: Tools,
  { from = 'slack', ...asked }: Asked,
  work: () => Promise<T>,
  outcomeOf: (result: T) => Outcome,
): Promise<T> {
  const append = async (outcome: Outcome) => {
    if (outcome === null) return;
    const what = auditText(asked.what);
    const model = modelNamedBy(what.split(' ')[0] ?? '', Object.keys(config.models));
    const at = clock.now().toISOString();
    // What failed before and is tried again under the same id leaves an entry of its own.
    const id = outcome.kind === 'failed' ? `${asked.id}:${at}` : asked.id;
    await pipeline.audit
      .append({ ...asked, id, what, model, from, at, outcome })
      .catch((error: unknown) => log(`The audit log missed ${asked.id}: ${String(error)}`));
  };
  try {
    const result = await work();
    await append(outcomeOf(result));
    return result;
  } catch (error) {
    const code = error instanceof MlopsError ? error.code : 'UNEXPECTED';
    await append({ kind: 'failed', code });
    throw error;
  }
}

/** A typed command; `from` is the command line's when it is not Slack. */
export function auditedCommand(
  bot: Tools,
  typed: {
    readonly text: string;
    readonly caller: Pick<Caller, 'actor' | 'requestId'>;
    from?: AuditSource;
  },
  run: () => Promise<Reply | null>,
): Promise<Reply | null> {
  const { text, caller, from } = typed;
  const [name = 'help', ...rest] = text.trim().split(/\s+/);
  return audited(
    bot,
    {
      id: caller.requestId,
      by: caller.actor,
      action: auditText(name.toLowerCase() || 'help').slice(0, 40),
      what: rest.join(' '),
      ...(from === undefined ? {} : { from }),
    },
    run,
    (reply) => (reply === null ? null : outcomeOf(reply)),
  );
}

/** A press of a button that asks for something. */
export async function auditedClick(
  bot: Bot,
  actionId: string,
  click: Click,
  handle: (bot: Bot, click: Click) => Promise<void>,
): Promise<void> {
  if (looks.has(actionId)) return handle(bot, click);
  let outcome: Outcome = { kind: 'ok' };
  const hear = (message: Message) => {
    outcome = outcomeOf(message);
  };
  const heard: Click = {
    ...click,
    answer: (message) => {
      hear(message);
      return click.answer(message);
    },
    replace: (message) => {
      hear(message);
      return click.replace(message);
    },
    openModal: (view) => {
      // A form only asks; what is submitted is the decision.
      if (view.callback_id !== undefined) outcome = null;
      return click.openModal(view);
    },
  };
  const asked = {
    id: `slack:${click.triggerId}:${actionId}`,
    by: click.actor,
    action: words[actionId] ?? actionId,
    what: `${whatOf(actionId, click.value)} ${click.entered(reasonField.block)}`,
  };
  await audited(
    bot,
    asked,
    () => handle(bot, heard),
    () => outcome,
  );
}

/** A submitted form; submitted twice, it leaves one entry. */
export function auditedForm<T extends Message>(
  bot: Tools,
  form: Omit<Asked, 'id'> & { readonly viewId: string },
  submit: () => Promise<T>,
): Promise<T> {
  const { viewId, ...asked } = form;
  return audited(bot, { ...asked, id: `slack:form:${viewId}` }, submit, outcomeOf);
}

/** A refusal says why, a question has done nothing; every other answer means that it was done. */
export function outcomeOf(message: Message): Outcome {
  const { problem, asks } = message as Reply;
  if (asks === true) return null;
  return problem === undefined
    ? { kind: 'ok' }
    : { kind: 'refused', reason: auditText(message.text) };
}

/** Buttons that only show something. */
const looks: ReadonlySet<string> = new Set([
  actionIds.homeModel,
  actionIds.homeRefresh,
  actionIds.promoteChoose,
  actionIds.retrainChooseModel,
]);

/** The command each button stands for. */
const words: Readonly<Record<string, string>> = {
  [actionIds.approve]: 'approve',
  [actionIds.reject]: 'reject',
  [actionIds.stop]: 'stop',
  [actionIds.onDemand]: 'on-demand',
  [actionIds.rollBack]: 'rollback',
  [actionIds.runAgain]: 'retry',
  [actionIds.rollBackModel]: 'rollback',
  [actionIds.rollBackNow]: 'rollback',
  [actionIds.retrainModel]: 'retrain',
  [actionIds.promoteConfirm]: 'promote',
  [actionIds.acknowledge]: 'acknowledge',
  [actionIds.muteAlert]: 'mute',
  [actionIds.unmuteAlert]: 'unmute',
};

function whatOf(actionId: string, value: string): string {
  switch (actionId) {
    case actionIds.muteAlert:
      return `${readableValue(value)} h`;
    case actionIds.rollBackModel:
    case actionIds.rollBackNow:
      return rollbackWords(value);
    default:
      return readableValue(value);
  }
}

const DIGEST = /^[0-9a-f]{64}$/;

/** What a button carries, without the digests that say nothing to a reader. */
export function readableValue(value: string): string {
  try {
    const parts: unknown = JSON.parse(value);
    if (Array.isArray(parts)) return parts.filter((part) => !DIGEST.test(String(part))).join(' ');
  } catch {
    // A plain value says it as it is.
  }
  return value;
}
