import { Dialog } from '@mlops-bot/slack-simulator/page';
import { type FormEvent, useId, useState } from 'react';
import { dropDataset, usePipeline } from './api.ts';

type Progress =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly fraction: number }
  | { readonly kind: 'done' | 'refused'; readonly message: string };

/** Hands a dataset file to the local pipeline, as an upload to S3 would. */
export function DatasetDialog(props: { file: File | null; user: string; onClose: () => void }) {
  const models = usePipeline()?.models ?? [];
  const [file, setFile] = useState(props.file);
  const [chosen, setModel] = useState<string | null>(null);
  const model = chosen ?? models[0]?.name ?? '';
  const [progress, setProgress] = useState<Progress>({ kind: 'waiting' });
  const ids = useId();
  const about = models.find(({ name }) => name === model);
  const accepts = about?.accepts;
  const [newFile, setNewFile] = useState<'append' | 'replace' | null>(null);
  const use = newFile ?? about?.newFile ?? 'replace';
  const isSending = progress.kind === 'sending';

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!file) return;
    const onProgress = (fraction: number) => setProgress({ kind: 'sending', fraction });
    onProgress(0);
    try {
      const message = await dropDataset({
        model,
        file,
        user: props.user,
        newFile: use,
        onProgress,
      });
      setProgress({ kind: 'done', message });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      setProgress({ kind: 'refused', message });
    }
  }

  return (
    <Dialog title="Drop a dataset" onCancel={props.onClose}>
      <form onSubmit={send}>
        <div className="dialog-body">
          <div className="block-input">
            <label htmlFor={`${ids}-model`}>Model</label>
            <select
              id={`${ids}-model`}
              className="field select"
              value={model}
              disabled={isSending}
              onChange={({ target }) => setModel(target.value)}
            >
              {models.map(({ name, title }) => (
                <option key={name} value={name}>
                  {title}
                </option>
              ))}
            </select>
          </div>
          <div className="block-input">
            <label htmlFor={`${ids}-file`}>File</label>
            <label className={`file-field ${file ? 'has-file' : ''}`}>
              <input
                id={`${ids}-file`}
                type="file"
                accept={accepts}
                disabled={isSending}
                onChange={({ target }) => {
                  setFile(target.files?.[0] ?? null);
                  setProgress({ kind: 'waiting' });
                }}
              />
              <span>
                {file ? (
                  <>
                    <strong>{file.name}</strong> <small>{sizeLabel(file.size)}</small>
                  </>
                ) : (
                  <>Choose a file, or drop one anywhere on the page</>
                )}
              </span>
            </label>
            {accepts && <p className="hint">{accepts.replaceAll(',', ', ')} files</p>}
          </div>
          <div className="block-input">
            <label htmlFor={`${ids}-use`}>Train on</label>
            <select
              id={`${ids}-use`}
              className="field select"
              value={use}
              disabled={isSending}
              onChange={({ target }) =>
                setNewFile(target.value === 'append' ? 'append' : 'replace')
              }
            >
              <option value="replace">This file alone</option>
              <option value="append">This file, appended to the data in production</option>
            </select>
          </div>
          <DatasetProgress progress={progress} />
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={props.onClose}>
            {progress.kind === 'done' ? 'Done' : 'Cancel'}
          </button>
          {progress.kind !== 'done' && (
            <button type="submit" className="button button-solid" disabled={!file || isSending}>
              Start a run
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

function DatasetProgress({ progress }: { progress: Progress }) {
  switch (progress.kind) {
    case 'waiting':
      return null;
    case 'sending':
      return (
        <div className="upload">
          <progress aria-label="Upload" value={progress.fraction} max={1} />
          <small>
            {progress.fraction < 1
              ? `${Math.round(progress.fraction * 100)} %`
              : 'Received, checking…'}
          </small>
        </div>
      );
    case 'done':
      return (
        <p className="outcome" role="status">
          {progress.message}
        </p>
      );
    case 'refused':
      return (
        <p className="outcome outcome-bad" role="alert">
          {progress.message}
        </p>
      );
  }
}

function sizeLabel(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
