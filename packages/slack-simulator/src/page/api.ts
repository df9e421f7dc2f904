import { createApiClient } from '../api-client.ts';
import type { WorkspaceEvent } from '../types.ts';

export type Values = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** The workspace that served this page. */
export const api = createApiClient('');

/** Listens to what happens in the workspace as `user` may see it; reconnects by itself. */
export function listen(options: {
  user: string;
  onEvent: (event: WorkspaceEvent) => void;
  onConnection: (isOpen: boolean) => void;
}): () => void {
  const source = new EventSource(`/api/events?user=${options.user}`);
  source.onopen = () => options.onConnection(true);
  source.onerror = () => options.onConnection(false);
  source.onmessage = ({ data }) => options.onEvent(JSON.parse(data) as WorkspaceEvent);
  return () => source.close();
}
