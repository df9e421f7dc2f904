import type { EventType, RunEvent } from '../../pipeline/core/events.ts';
import type { EventBus } from '../../pipeline/core/ports.ts';

export interface RecordingEventBus extends EventBus {
  readonly events: readonly RunEvent[];
  /** The types in the order of publishing. */
  types(): readonly EventType[];
  /** The next `publish` throws this, once. */
  failOnce(error: Error): void;
}

export function createRecordingEventBus(): RecordingEventBus {
  const events: RunEvent[] = [];
  let failure: Error | null = null;
  return {
    events,
    types: () => events.map((event) => event.type),
    failOnce(error) {
      failure = error;
    },
    async publish(event) {
      const error = failure;
      failure = null;
      if (error !== null) throw error;
      events.push(event);
    },
  };
}
