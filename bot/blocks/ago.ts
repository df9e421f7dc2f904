import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';

/** How long before `now` an instant was: `3 minutes ago`. */
export function ago(instant: string, now: Date): string {
  return `${formatDistanceStrict(new Date(instant), now)} ago`;
}
