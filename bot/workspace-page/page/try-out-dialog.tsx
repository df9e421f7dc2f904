import { Dialog } from '@mlops-bot/slack-simulator/page';
import { type FormEvent, useId, useState } from 'react';
import type { ServedEndpoint } from '../pipeline-controls.ts';
import { predict } from './api.ts';
import { readPath, textPath, withPath } from './example-text.ts';

type Outcome = { readonly ok: boolean; readonly title: string; readonly body: string };

/** Asks a served model. An example with a single text becomes one text field; others are edited as JSON. */
export function TryOutDialog(props: { endpoint: ServedEndpoint; onClose: () => void }) {
  const { endpoint, onClose } = props;
  const path = textPath(endpoint.example);
  const [input, setInput] = useState(
    path ? String(readPath(endpoint.example, path)) : JSON.stringify(endpoint.example, null, 2),
  );
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const field = useId();

  async function ask(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      const body = path ? withPath(endpoint.example, path, input) : JSON.parse(input);
      const { ok, status, milliseconds, answer } = await predict(endpoint.name, body);
      const title = ok ? `Answer in ${milliseconds} ms` : `The endpoint answered ${status}`;
      setOutcome({ ok, title, body: JSON.stringify(answer, null, 2) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setOutcome({ ok: false, title: 'No answer', body: reason });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={`Try ${endpoint.model} v${endpoint.version}`} onCancel={onClose}>
      <form onSubmit={ask}>
        <div className="dialog-body">
          <div className="block-input">
            <label htmlFor={field}>{path ? 'Text' : 'Request (JSON)'}</label>
            <textarea
              id={field}
              className={`field ${path ? '' : 'field-code'}`}
              rows={path ? 4 : 8}
              value={input}
              onChange={({ target }) => setInput(target.value)}
            />
            <p className="hint">Sent to {endpoint.url}</p>
          </div>
          <div aria-live="polite">
            {outcome && (
              <div className={`outcome ${outcome.ok ? '' : 'outcome-bad'}`}>
                <strong>{outcome.title}</strong>
                <pre>{outcome.body}</pre>
              </div>
            )}
          </div>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
          <button type="submit" className="button button-solid" disabled={isBusy}>
            {isBusy && <span className="spinner" aria-hidden="true" />}
            Predict
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
