import type { WebClient } from '@slack/web-api';
import type { RunId } from '../../pipeline/core/run.ts';
import type { AnnouncementStore } from './announcement-store.ts';

/** Addresses never change; a list asks for ten of them each time. */
const MOST_KEPT = 500;

/** Asks Slack for the address of a run's card; an answer without its link is better than none. */
export function createCardLink(options: {
  announcements: Pick<AnnouncementStore, 'get'>;
  client: WebClient;
  log: (line: string) => void;
}): (runId: RunId) => Promise<string | null> {
  const known = new Map<string, string>();
  return async (runId) => {
    const announced = (await options.announcements.get(runId))?.announcement;
    if (announced?.channel == null || announced.rootTs === null) return null;
    const place = `${announced.channel}:${announced.rootTs}`;
    const address = known.get(place);
    if (address !== undefined) return address;
    try {
      const { permalink } = await options.client.chat.getPermalink({
        channel: announced.channel,
        message_ts: announced.rootTs,
      });
      if (permalink === undefined) return null;
      if (known.size > MOST_KEPT) known.clear();
      known.set(place, permalink);
      return permalink;
    } catch (error) {
      options.log(`Slack did not tell the address of a card: ${String(error)}`);
      return null;
    }
  };
}
