import { type ReactNode, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';

/** The first field, or else the main button: what the person came for, not the close button. */
const FIRST_FOCUS =
  '.dialog-body :is(input, select, textarea), .dialog-frame:not(:has(.dialog-body :is(input, select, textarea))) .dialog-foot .button:last-child';

/**
 * A modal dialog on the platform's own <dialog>: focus stays inside, Escape cancels, the rest is inert, and
 * focus returns to where it was.
 */
export function Dialog(props: {
  title: string;
  onCancel: () => void;
  children: ReactNode;
  size?: 'small' | 'large';
}) {
  const { title, onCancel, children, size = 'large' } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    element?.querySelector<HTMLElement>(FIRST_FOCUS)?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return createPortal(
    <dialog
      ref={dialog}
      className={`dialog dialog-${size}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onCancel();
      }}
    >
      <div className="dialog-frame">
        <header className="dialog-head">
          <h2 id={heading}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onCancel}>
            <CloseIcon />
          </button>
        </header>
        {children}
      </div>
    </dialog>,
    document.body,
  );
}

export function CloseIcon() {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M5 5l10 10M15 5L5 15" />
    </svg>
  );
}
