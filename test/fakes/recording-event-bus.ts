import type { DomainEvent } from '../../pipeline/core/events.ts';
import type { EventBus } from '../../pipeline/core/ports.ts';

export interface RecordingEventBus extends EventBus {
  readonly events: readonly DomainEvent[];
  /** The types in the order of publishing. */
  types(): readonly DomainEvent['type'][];
  /** The next `publish` throws this, once. */
  failOnce(error: Error): void;
}

export function createRecordingEventBus(): RecordingEventBus {
  const events: DomainEvent[] = [];
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
