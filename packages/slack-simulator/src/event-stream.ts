import type { WorkspaceEvent } from './types.ts';

export interface EventStream {
  /** Resolves once the stream is open: what happens after that reaches the listeners. */
  ready(): Promise<void>;
  listen(listener: (event: WorkspaceEvent) => void): () => void;
  close(): void;
}

/** Reads `GET /api/events` of everyone, over fetch: Node 20 has no EventSource. */
export function openEventStream(url: string): EventStream {
  const listeners = new Set<(event: WorkspaceEvent) => void>();
  const controller = new AbortController();
  let opened: Promise<void> | undefined;

  async function open(): Promise<void> {
    const response = await fetch(`${url}/api/events?user=*`, { signal: controller.signal });
    if (!response.ok || !response.body) {
      throw new Error(`The workspace at ${url} does not stream events: ${response.status}.`);
    }
    void pump(response.body);
  }

  async function pump(body: ReadableStream<Uint8Array>): Promise<void> {
    let buffered = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        buffered += decoder.decode(chunk, { stream: true });
        const parts = buffered.split('\n\n');
        buffered = parts.pop() ?? '';
        for (const part of parts) {
          if (!part.startsWith('data: ')) continue;
          const event = JSON.parse(part.slice('data: '.length)) as WorkspaceEvent;
          for (const listener of listeners) listener(event);
        }
      }
    } catch {
      // The workspace or this client closed; whoever still waits runs into its own time limit.
    }
    opened = undefined;
  }

  return {
    ready() {
      opened ??= open();
      return opened;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => controller.abort(),
  };
}
