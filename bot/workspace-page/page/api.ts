import { postJson, usePluginData } from '@mlops-bot/slack-simulator/page';
import type { PipelineState, Prediction } from '../pipeline-controls.ts';

const ROUTES = '/plugins/pipeline';

/** Models, running jobs and served endpoints; null until they are known. */
export const usePipeline = () => usePluginData<PipelineState>('pipeline', 'state');

export const interrupt = (job: string) =>
  postJson<{ message: string }>(`${ROUTES}/interrupt`, { job });

export const predict = (endpoint: string, input: unknown) =>
  postJson<Prediction>(`${ROUTES}/predict`, { endpoint, input });

/** Sends a dataset file as it is; XMLHttpRequest, because fetch reports no upload progress. */
export function dropDataset(options: {
  model: string;
  file: File;
  user: string;
  newFile: 'append' | 'replace';
  onProgress: (fraction: number) => void;
}): Promise<string> {
  const { model, file, user, newFile, onProgress } = options;
  const query = new URLSearchParams({ name: file.name, user, as: newFile });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${ROUTES}/datasets/${encodeURIComponent(model)}?${query}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => {
      const answer = request.response as { message?: string; error?: string } | null;
      if (request.status === 200) resolve(answer?.message ?? 'The dataset is in.');
      else reject(new Error(answer?.error ?? `The workspace answered ${request.status}.`));
    };
    request.onerror = () => reject(new Error('The workspace cannot be reached.'));
    request.send(file);
  });
}
