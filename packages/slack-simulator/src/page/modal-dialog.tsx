import { type FormEvent, useRef, useState } from 'react';
import type { WorkspaceView } from '../types.ts';
import { api, type Values } from './api.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import { currentValues, missingValues } from './initial-values.ts';
import { failureText, SurfaceProvider } from './surface.tsx';

/** The topmost modal of the app. What is entered stays when the app updates the view. */
export function ModalDialog(props: { view: WorkspaceView; user: string; depth: number }) {
  const { view, user, depth } = props;
  const entered = useRef<Values>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const values = currentValues(view.blocks, entered.current);
    const missing = missingValues(view.blocks, values);
    setErrors(missing);
    setFailure(null);
    if (Object.keys(missing).length > 0) return;
    setBusy(true);
    try {
      const answer = await api.submit(view.id, user, values);
      if ('errors' in answer) setErrors(answer.errors);
      else if (!answer.ok) setFailure(failureText(answer.error));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  const close = (): void => void api.close(view.id, user, false).catch(() => {});

  return (
    <Dialog title={view.title} onCancel={close}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <SurfaceProvider
            user={user}
            place={{ view_id: view.id }}
            blocks={view.blocks}
            errors={errors}
            onEnter={(values) => {
              entered.current = values;
            }}
          >
            <Blocks blocks={view.blocks} fallback="" />
          </SurfaceProvider>
          {failure && (
            <p className="failure" role="alert">
              {failure}
            </p>
          )}
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            {view.close ?? (depth > 1 ? 'Back' : 'Cancel')}
          </button>
          {view.submit && (
            <button type="submit" className="button button-solid" disabled={isBusy}>
              {isBusy && <span className="spinner" aria-hidden="true" />}
              {view.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
