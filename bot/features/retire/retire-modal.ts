import type { KnownBlock } from '@slack/types';
import type { ModalView } from '@slack/web-api';
import type { ModelStanding } from '../../../pipeline/core/pipeline.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { alertHeadline } from '../../blocks/alert-words.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { type Message, message } from '../../blocks/message.ts';
import { modalText } from '../../blocks/modal.ts';
import { reasonInput } from '../../blocks/reason.ts';
import { bold, bullets, instant, type Line, richText, section } from '../../blocks/rich-text.ts';

export const retireFormId = 'model.retire_form';

/** What is to be retired: the model, as long as its endpoint serves this configuration. */
export interface RetireChoice {
  readonly model: string;
  readonly configName: string | null;
}

/** Everything the form shows before anything changes. */
export interface RetirePlan extends Pick<ModelStanding, 'name' | 'production' | 'alerts'> {
  readonly configName: string | null;
}

const MAX_ALERTS = 3;

/** Asks for confirmation and a reason; `reason` is what was typed with the command. */
export function retireModal(plan: RetirePlan, reason: string): ModalView {
  return {
    type: 'modal',
    callback_id: retireFormId,
    private_metadata: choiceValue(plan),
    title: modalText(`Retire ${plan.name}`),
    submit: modalText('Remove the endpoint'),
    close: modalText('Cancel'),
    blocks: [...planBlocks(plan), retireReason(reason)],
  };
}

/** The same as a private message, where no modal opens. */
export function retireQuestion(
  plan: RetirePlan,
  reason: string,
): Message & { readonly asks: true } {
  const asked = message(`Retire ${plan.name}?`, [
    ...planBlocks(plan),
    retireReason(reason),
    { type: 'actions', block_id: 'retire', elements: [retireNowButton(plan)] },
  ]);
  return { ...asked, asks: true };
}

function planBlocks(plan: RetirePlan): readonly KnownBlock[] {
  const { name, production } = plan;
  const comeBack =
    production === null
      ? `A retrain of ${name} brings it back.`
      : `/mlops promote ${name} ${production.version.version} brings it back, with a new approval.`;
  return [
    richText(
      section(bold(`Retire ${name}?`)),
      section(bold('Goes away')),
      bullets([servedLine(plan), ...alertLines(plan)]),
      section(bold('Stays')),
      bullets([
        ['All versions in the registry'],
        ['Cards, threads and the audit log'],
        ['Datasets'],
      ]),
      section(`No approval is needed. ${comeBack}`),
    ),
  ];
}

function servedLine({ name, production }: RetirePlan): Line {
  const gone = `The endpoint ${name}. Requests to it will fail`;
  if (production === null) return [gone];
  const { version, since } = production;
  return [`${gone}; v${version.version} has answered them since `, instant(since, 'date and time')];
}

function alertLines({ alerts }: RetirePlan): readonly Line[] {
  return alerts.slice(0, MAX_ALERTS).map((alert) => ['Alert: ', alertHeadline(alert)]);
}

function retireReason(reason: string) {
  return reasonInput({
    hint: 'Shown on the card and in the status, with your name.',
    placeholder: 'Why it is no longer needed, in a few words',
    initial: reason,
    isOptional: false,
  });
}

function retireNowButton(plan: RetirePlan) {
  return {
    ...button(actionIds.retireNow, 'Remove the endpoint', choiceValue(plan)),
    style: 'danger' as const,
    confirm: confirmation({
      title: `Retire ${plan.name}?`,
      text: 'Its endpoint is removed; requests to it will fail. Its versions stay.',
      yes: 'Retire',
      danger: true,
    }),
  };
}

const choiceValue = ({ name, configName }: RetirePlan): string =>
  JSON.stringify([name, configName]);

/** The choice that a form or its replacement button carries; null when the value is not ours. */
export function readRetireChoice(value: string): RetireChoice | null {
  try {
    const [model, configName] = JSON.parse(value) as unknown[];
    if (typeof model !== 'string') return null;
    if (typeof configName !== 'string' && configName !== null) return null;
    return { model, configName };
  } catch {
    return null;
  }
}

/** Such a value in words, for the audit log. */
export function retireWords(value: string): string {
  return readRetireChoice(value)?.model ?? '';
}
