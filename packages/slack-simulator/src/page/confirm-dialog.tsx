import { BlockText } from './block-text.tsx';
import { Dialog } from './dialog.tsx';
import { type Json, textOf } from './json.ts';

/** Block Kit's confirm object, answered before anything is sent. */
export function ConfirmDialog(props: { confirm: Json; onAnswer: (isConfirmed: boolean) => void }) {
  const { confirm, onAnswer } = props;
  return (
    <Dialog
      title={textOf(confirm.title) || 'Are you sure?'}
      size="small"
      onCancel={() => onAnswer(false)}
    >
      <div className="dialog-body">
        <BlockText object={confirm.text} />
      </div>
      <footer className="dialog-foot">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {textOf(confirm.deny) || 'Cancel'}
        </button>
        <button
          type="button"
          className={`button ${confirm.style === 'danger' ? 'button-danger-solid' : 'button-solid'}`}
          onClick={() => onAnswer(true)}
        >
          {textOf(confirm.confirm) || 'Confirm'}
        </button>
      </footer>
    </Dialog>
  );
}
