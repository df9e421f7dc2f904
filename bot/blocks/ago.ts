import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';

/** The time from an instant to `now`, as in `3 minutes ago`. */
export function ago(instant: string, now: Date): string {
  return `${formatDistanceStrict(new Date(instant), now)} ago`;
}
