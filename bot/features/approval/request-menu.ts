import type { Run } from '../../../pipeline/core/run.ts';

/** What can be done about an open request beside deciding, as commands. */
export function requestMenu({
  id,
  approval,
}: Run): readonly { readonly label: string; readonly command: string }[] {
  if (approval === null || approval.outcome !== null || approval.outdated != null) return [];
  return [
    { label: 'Remind the approvers', command: `remind ${id}` },
    { label: 'Remind me in an hour', command: `snooze ${id}` },
    { label: 'Hand over…', command: `handover ${id}` },
  ];
}
