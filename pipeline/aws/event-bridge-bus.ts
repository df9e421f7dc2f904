import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { MlopsError } from '../core/errors.ts';
import type { EventBus } from '../core/ports.ts';

/** The `source` of our events; rules match on it. */
export const EVENT_SOURCE = 'mlops-bot';

/** An entry may have 256 KB with source and type; the rest is for those. */
const MAX_DETAIL_BYTES = 250 * 1024;

/**
 * {@link EventBus} on EventBridge: `detail-type` is the event's type, `detail` the event. One that
 * is too large is sent without its details: listeners read the record anyway.
 * @throws {MlopsError} `UNEXPECTED` (retryable) when EventBridge did not take it.
 */
export function createEventBridgeBus({
  client,
  busName,
}: {
  readonly client: EventBridgeClient;
  readonly busName: string;
}): EventBus {
  return {
    async publish(event) {
      const full = JSON.stringify(event);
      const { type, at } = event;
      const subject = 'runId' in event ? { runId: event.runId } : { alertId: event.alertId };
      const Detail =
        Buffer.byteLength(full) <= MAX_DETAIL_BYTES
          ? full
          : JSON.stringify({ type, ...subject, at, isShortened: true });
      const { FailedEntryCount, Entries } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              EventBusName: busName,
              Source: EVENT_SOURCE,
              DetailType: type,
              Time: new Date(at),
              Detail,
            },
          ],
        }),
      );
      if ((FailedEntryCount ?? 0) === 0) return;
      const { ErrorCode, ErrorMessage } = Entries?.[0] ?? {};
      throw new MlopsError('UNEXPECTED', `The event ${type} could not be published.`, {
        retryable: true,
        cause: new Error(`${ErrorCode}: ${ErrorMessage}`),
      });
    },
  };
}
