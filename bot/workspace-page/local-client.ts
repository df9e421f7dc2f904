import { ask, createWorkspaceClient, postJson } from '@mlops-bot/slack-simulator/client';
import type { PipelineState, Prediction } from './pipeline-controls.ts';

export type LocalClient = ReturnType<typeof createLocalClient>;

/** The workspace's client for tests and scripts, with what the local pipeline adds to the page. */
export function createLocalClient({ url }: { url: string }) {
  const routes = `${url}/plugins/pipeline`;
  return {
    ...createWorkspaceClient({ url }),
    dropDataset(input: {
      user: string;
      model: string;
      name: string;
      body: BodyInit;
      newFile?: 'append' | 'replace';
    }) {
      const { user, model, name, body, newFile } = input;
      const query = new URLSearchParams({ name, user, ...(newFile && { as: newFile }) });
      const headers = { 'content-type': 'application/octet-stream' };
      // Node's fetch wants `duplex` for a stream; its types do not know the word yet.
      const init = { method: 'POST', headers, body, duplex: 'half' };
      return ask<{ message: string }>(
        `${routes}/datasets/${encodeURIComponent(model)}?${query}`,
        init,
      );
    },
    jobs: () => ask<PipelineState>(`${routes}/state`),
    interrupt: (job?: string) => postJson<{ message: string }>(`${routes}/interrupt`, { job }),
    predict: (endpoint: string, input: unknown) =>
      postJson<Prediction>(`${routes}/predict`, { endpoint, input }),
  };
}
