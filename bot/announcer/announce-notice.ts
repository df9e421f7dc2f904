import type { Config } from '../../pipeline/core/config.ts';
import { type Notice, noticeMessage } from '../features/notices/notice-message.ts';
import { type LedgerOptions, openLedger } from './ledger.ts';
import type { Mark, Poster } from './poster.ts';
import { digestOf } from './sync-thread.ts';

/** Posts a notice in the channel, once per key, whoever asks how often. */
export function createAnnounceNotice(
  options: LedgerOptions & { config: Config; poster: Poster },
): (notice: Notice) => Promise<void> {
  const { config, poster } = options;
  return async (notice) => {
    const ledger = await openLedger(`notice:${notice.key}`, options);
    if (ledger.now.rootTs !== null) return;
    const message = noticeMessage(notice);
    const mark: Mark = { event_type: 'mlops_notice', event_payload: { key: notice.key } };
    const place = { channel: config.channel, threadTs: null };
    await ledger.postOnce({
      key: 'root',
      find: (since) => poster.find(place, mark, since),
      post: () => poster.post(place, message, mark),
      keep: ({ channel, ts }) => ({ channel, rootTs: ts, rootDigest: digestOf(message) }),
    });
  };
}
