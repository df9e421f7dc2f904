import type { ActionsBlock, Button, StaticSelect } from '@slack/types';
import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button, confirmation } from '../../blocks/button.ts';
import { rollbackButton } from '../rollback/rollback-modal.ts';

/** The times, in hours, for which an alert can be muted from its card. */
const muteHours = [1, 8, 24, 7 * 24] as const;

/** The buttons of an alert in its current state; none once it has ended. */
export function alertButtons(alert: Alert): readonly ActionsBlock[] {
  if (!isOpen(alert)) return [];
  const { id, model, status, mute, rollbackTo } = alert;
  const version = alert.observations.at(-1)?.version ?? null;
  const canRollBack = rollbackTo !== null && version !== null && rollbackTo !== version;
  return [
    {
      type: 'actions',
      // A new id per state: Slack keeps the choice in a menu whose id it knows.
      block_id: `alert:${mute === null ? 'loud' : 'muted'}:${alert.revision}`,
      elements: [
        ...(status === 'open'
          ? [{ ...button(actionIds.acknowledge, 'Acknowledge', id), style: 'primary' as const }]
          : []),
        mute === null ? muteMenu(id) : button(actionIds.unmuteAlert, 'Unmute', id),
        ...(alert.kind === 'input_drift' ? [acceptButton(alert, version)] : []),
        ...(canRollBack ? [rollbackButton({ model, from: version, to: rollbackTo })] : []),
      ],
    },
  ];
}

function acceptButton({ id }: Alert, version: number | null): Button {
  return {
    ...button(actionIds.acceptInputs, 'These inputs are normal', id),
    confirm: confirmation({
      title: 'Are these inputs normal?',
      text: `The alert ends, and v${version} is compared with what it is asked since the alert began. Answer no if its answers are worse for it: then retrain on rows like these.`,
      yes: 'They are normal',
    }),
  };
}

function muteMenu(id: string): StaticSelect {
  return {
    type: 'static_select',
    action_id: actionIds.muteAlert,
    placeholder: { type: 'plain_text', text: 'Mute for…', emoji: false },
    options: muteHours.map((hours) => ({
      text: { type: 'plain_text', text: hoursText(hours), emoji: false },
      value: JSON.stringify([id, hours]),
    })),
  };
}

function hoursText(hours: number): string {
  if (hours === 1) return '1 hour';
  return hours < 48 ? `${hours} hours` : `${hours / 24} days`;
}

/** The choice a menu option carries; null when the value is not ours. */
export function readMuteChoice(value: string): { alertId: string; hours: number } | null {
  try {
    const [alertId, hours] = JSON.parse(value) as unknown[];
    const known = muteHours.find((each) => each === hours);
    return typeof alertId !== 'string' || known === undefined ? null : { alertId, hours: known };
  } catch {
    return null;
  }
}
