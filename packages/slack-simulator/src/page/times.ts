/** Times as the page shows them, in the reader's own zone. */

export function dateOfTs(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

export function clock(date: Date): string {
  return date.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
}

export function dayLabel(date: Date, now = new Date()): string {
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return date.toLocaleDateString([], { weekday: 'long', month: 'long', day: 'numeric', ...year });
}

export function ago(date: Date, now = new Date()): string {
  const minutes = Math.floor((now.getTime() - date.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `today at ${clock(date)}`;
  return `${dayLabel(date).toLowerCase()} at ${clock(date)}`;
}

/** Fills Slack's date tokens, such as `{date_short} at {time}`. */
export function formatSlackDate(seconds: number, format: string): string {
  const date = new Date(seconds * 1000);
  const long = { month: 'long', day: 'numeric', year: 'numeric' } as const;
  const tokens: Record<string, () => string> = {
    date_num: () => date.toISOString().slice(0, 10),
    date_slash: () => date.toLocaleDateString(),
    date: () => date.toLocaleDateString([], long),
    date_short: () => date.toLocaleDateString([], { ...long, month: 'short' }),
    date_long: () => date.toLocaleDateString([], { ...long, weekday: 'long' }),
    date_pretty: () => dayLabel(date),
    date_short_pretty: () => dayLabel(date),
    date_long_pretty: () => dayLabel(date),
    time: () => clock(date),
    time_secs: () => date.toLocaleTimeString(),
    ago: () => ago(date),
  };
  return format.replace(/\{(\w+)\}/g, (token, name: string) => tokens[name]?.() ?? token);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
