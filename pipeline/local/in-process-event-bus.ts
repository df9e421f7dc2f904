import { type DomainEvent, isRunEvent } from '../core/events.ts';
import type { EventBus } from '../core/ports.ts';
import type { Log } from './log.ts';

export type EventListener = (event: DomainEvent) => void | Promise<void>;

export interface InProcessEventBus extends EventBus {
  /** Calls `listener` with every event published from now on; returns a function that ends that. */
  subscribe(listener: EventListener): () => void;
  /** Resolves when everything published so far has been handled. */
  idle(): Promise<void>;
}

/**
 * {@link EventBus} within the process. Each listener gets the events one after the other in the
 * order of publishing, never inside the publisher's stack; a slow one delays no other, and what
 * one throws is logged. Events do not outlive the process: the run record is the truth, so
 * new listeners read it first.
 */
export function createInProcessEventBus({ log }: { log: Log }): InProcessEventBus {
  /** Per listener the delivery of everything published so far. */
  const deliveries = new Map<EventListener, Promise<void>>();

  async function deliver(listener: EventListener, event: DomainEvent): Promise<void> {
    if (!deliveries.has(listener)) return;
    try {
      await listener(event);
    } catch (error) {
      const about = isRunEvent(event) ? event.runId : event.alertId;
      log({ message: `A listener failed on ${event.type}.`, about, error });
    }
  }

  return {
    async publish(event) {
      for (const [listener, before] of deliveries) {
        deliveries.set(
          listener,
          before.then(() => deliver(listener, event)),
        );
      }
    },
    subscribe(listener) {
      const own: EventListener = (event) => listener(event);
      deliveries.set(own, Promise.resolve());
      return () => {
        deliveries.delete(own);
      };
    },
    async idle() {
      let seen: Promise<void>[] = [];
      // A listener may publish in turn: idle is when a round has added nothing.
      do {
        seen = [...deliveries.values()];
        await Promise.all(seen);
      } while ([...deliveries.values()].some((delivery) => !seen.includes(delivery)));
    },
  };
}
