import type { AlertId } from '../../pipeline/core/alert/alert.ts';

/** The id under which the announcer keeps where an alert's card is. Stored: it never changes. */
export function announcedAlert(id: AlertId): string {
  return `incident:${id}`;
}
