import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { useDirectory } from './directory.tsx';
import { Icon } from './icons.tsx';
import { type Suggestion, suggest } from './suggestions.ts';
import { OWN_FILES } from './use-file-drop.ts';

/** Where one writes. Enter sends, Shift+Enter breaks the line, Tab or Enter takes a suggestion. */
export function Composer(props: {
  placeholder: string;
  commandsRefused?: string;
  onSend: (text: string) => Promise<unknown>;
  /** A file that was chosen, or dropped on the composer. */
  onFile: (file: File) => Promise<unknown>;
}) {
  const { placeholder, commandsRefused, onSend, onFile } = props;
  const { info } = useDirectory();
  const [entry, setEntry] = useState('');
  const [chosen, setChosen] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const [note, setNote] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const listId = useId();
  const suggestions = isClosed ? [] : suggest(entry, info);
  const hint = info.commands.find(({ command }) => entry.startsWith(`${command} `))?.usage_hint;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the entry.
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 220)}px`;
  }, [entry]);

  function change(text: string): void {
    setEntry(text);
    setChosen(0);
    setClosed(false);
    setNote(null);
  }

  function take(suggestion: Suggestion): void {
    change(suggestion.insert);
    field.current?.focus();
  }

  async function send(): Promise<void> {
    const text = entry.trim();
    if (text === '' || isBusy) return;
    if (commandsRefused && text.startsWith('/')) return setNote(commandsRefused);
    setEntry('');
    const isSent = await attempt(() => onSend(text));
    if (!isSent) setEntry(text);
  }

  /** Whether it worked; the note says why it did not. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      setNote(null);
      return true;
    } catch (error) {
      setNote(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      setBusy(false);
      field.current?.focus();
    }
  }

  function share(files: FileList | null): void {
    const file = files?.[0];
    if (file && !isBusy) void attempt(() => onFile(file));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const suggestion = suggestions[chosen];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // A complete command is sent, not completed.
    const isComplete = suggestion && entry.trim() === suggestion.insert.trim();
    if (suggestion && step) setChosen((chosen + step + suggestions.length) % suggestions.length);
    else if (suggestion && event.key === 'Escape') setClosed(true);
    else if (suggestion && event.key === 'Tab' && !event.shiftKey) take(suggestion);
    else if (event.key !== 'Enter' || event.shiftKey) return;
    else if (suggestion && !isComplete) take(suggestion);
    else void send();
    event.preventDefault();
  }

  return (
    <form
      className="composer"
      {...{ [OWN_FILES]: '' }}
      onDrop={({ dataTransfer }) => share(dataTransfer.files)}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {suggestions.length > 0 && (
        <div className="suggestions" role="listbox" id={listId} aria-label="Suggestions">
          {suggestions.map((suggestion, index) => (
            <div
              key={suggestion.key}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className="suggestion"
              onPointerDown={(event) => {
                event.preventDefault();
                take(suggestion);
              }}
            >
              <strong>{suggestion.label}</strong>
              {suggestion.detail && <small>{suggestion.detail}</small>}
            </div>
          ))}
        </div>
      )}
      <div className="composer-box">
        <input
          ref={chooser}
          type="file"
          hidden
          aria-label="File to share"
          onChange={({ target }) => {
            share(target.files);
            target.value = '';
          }}
        />
        <button
          type="button"
          className="attach"
          aria-label="Share a file"
          title="Share a file"
          disabled={isBusy}
          onClick={() => chooser.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <textarea
          ref={field}
          rows={1}
          value={entry}
          placeholder={placeholder}
          aria-label={placeholder}
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={suggestions.length > 0 ? `${listId}-${chosen}` : undefined}
          onChange={({ target }) => change(target.value)}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          className="send"
          aria-label="Send"
          disabled={entry.trim() === '' || isBusy}
        >
          {isBusy ? <span className="spinner" aria-hidden="true" /> : <Icon name="send" />}
        </button>
      </div>
      <p
        className={`composer-note ${note ? 'composer-note-bad' : ''}`}
        role={note ? 'alert' : undefined}
      >
        {note ?? hint ?? 'Enter to send, Shift + Enter for a new line, / for commands'}
      </p>
    </form>
  );
}
