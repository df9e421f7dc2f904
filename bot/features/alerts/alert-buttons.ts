import type { ActionsBlock, StaticSelect } from '@slack/types';
import { type Alert, isOpen } from '../../../pipeline/core/alert/alert.ts';
import { actionIds } from '../../blocks/action-ids.ts';
import { button } from '../../blocks/button.ts';
import { rollbackButton } from '../rollback/rollback-modal.ts';

/** How long an alert can be muted from its card. */
const muteHours = [1, 8, 24, 7 * 24] as const;

/** Only what makes sense in this state; none once the alert is over. */
export function alertButtons(alert: Alert): readonly ActionsBlock[] {
  if (!isOpen(alert)) return [];
  const { id, model, status, mute, rollbackTo } = alert;
  const version = alert.observations.at(-1)?.version ?? null;
  const canRollBack = rollbackTo !== null && version !== null && rollbackTo !== version;
  return [
    {
      type: 'actions',
      // Another id per state of the menu: Slack keeps what was chosen in a menu it knows.
      block_id: `alert:${mute === null ? 'loud' : 'muted'}:${alert.revision}`,
      elements: [
        ...(status === 'open'
          ? [{ ...button(actionIds.acknowledge, 'Acknowledge', id), style: 'primary' as const }]
          : []),
        mute === null ? muteMenu(id) : button(actionIds.unmuteAlert, 'Unmute', id),
        ...(canRollBack ? [rollbackButton({ model, from: version, to: rollbackTo })] : []),
      ],
    },
  ];
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

/** What a choice in the menu carries; null when the value is not ours. */
export function readMuteChoice(value: string): { alertId: string; hours: number } | null {
  try {
    const [alertId, hours] = JSON.parse(value) as unknown[];
    const known = muteHours.find((each) => each === hours);
    return typeof alertId !== 'string' || known === undefined ? null : { alertId, hours: known };
  } catch {
    return null;
  }
}
