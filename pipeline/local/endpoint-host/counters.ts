import type { Log } from '../log.ts';
import { createThrottle } from '../timers.ts';
import type { EndpointRecord, EndpointStore } from './endpoint-store.ts';

type Count = Pick<EndpointRecord, 'invocations' | 'serverErrors'>;

/** How many milliseconds of counting `kill -9` may lose. */
const SAVE_MILLISECONDS = 1000;

/**
 * Counts the requests of live configurations, storing the counts now and then. Counts that cannot
 * be stored are logged, stay in memory and are stored later.
 */
export function createCounters({ store, log }: { store: EndpointStore; log: Log }) {
  const counts = new Map<string, Count>();
  let isFailing = false;
  const of = (record: EndpointRecord): Count =>
    counts.get(record.endpointName) ?? {
      invocations: record.invocations,
      serverErrors: record.serverErrors,
    };
  const throttle = createThrottle(SAVE_MILLISECONDS, () => {
    try {
      for (const [name, count] of counts) {
        const record = store.find(name);
        if (record !== null) store.save({ ...record, ...count });
      }
      isFailing = false;
    } catch (error) {
      // Once, not every second while the disk is full.
      if (!isFailing) log({ message: 'The counts of the endpoints could not be stored.', error });
      isFailing = true;
    }
  });

  return {
    of,
    /** An answer of a configuration that is no longer live does not count. */
    count(endpointName: string, configName: string, status: number): void {
      const record = store.find(endpointName);
      if (record?.live !== configName) return;
      const { invocations, serverErrors } = of(record);
      counts.set(endpointName, {
        invocations: invocations + 1,
        serverErrors: serverErrors + (status >= 500 ? 1 : 0),
      });
      throttle.call();
    },
    /** From here on the stored counts apply. */
    forget(endpointName: string): void {
      counts.delete(endpointName);
    },
    flush: () => throttle.flush(),
  };
}
