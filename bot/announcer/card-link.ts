import type { WebClient } from '@slack/web-api';
import type { RunId } from '../../pipeline/core/run.ts';
import type { AnnouncementStore } from './announcement-store.ts';

/** Asks Slack for the address of a run's card; an answer without its link is better than none. */
export function createCardLink(options: {
  announcements: Pick<AnnouncementStore, 'get'>;
  client: WebClient;
  log: (line: string) => void;
}): (runId: RunId) => Promise<string | null> {
  return async (runId) => {
    const announced = (await options.announcements.get(runId))?.announcement;
    if (announced?.channel == null || announced.rootTs === null) return null;
    try {
      const { permalink } = await options.client.chat.getPermalink({
        channel: announced.channel,
        message_ts: announced.rootTs,
      });
      return permalink ?? null;
    } catch (error) {
      options.log(`Slack did not tell the address of a card: ${String(error)}`);
      return null;
    }
  };
}
