import { clearLeftovers } from '../leftovers.ts';
import { isRunningFor } from '../process-mark.ts';
import { endProcess } from '../processes.ts';
import type { EndpointStore } from './endpoint-store.ts';
import { removeIncoming } from './extract-model.ts';

const GRACE_SECONDS = 2;

/** Ends the model servers of a pipeline that was killed, and removes what it was extracting. */
export async function clearEarlierServers(options: {
  store: EndpointStore;
  workFolder: string;
  modelsFolder: string;
  mark: string;
}): Promise<void> {
  const { store, workFolder, modelsFolder, mark } = options;
  for (const identity of store.processes()) {
    if (isRunningFor(workFolder, identity)) await endProcess(identity, GRACE_SECONDS);
    store.removeProcess(identity.pid);
  }
  await clearLeftovers(mark);
  await removeIncoming(modelsFolder);
}
