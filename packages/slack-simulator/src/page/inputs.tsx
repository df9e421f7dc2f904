import { useId } from 'react';
import type { BlockJson } from '../types.ts';
import { withEmoji } from './block-text.tsx';
import { FieldElement } from './elements.tsx';
import { object, textOf } from './json.ts';
import { useSurface } from './surface.tsx';

/** A labelled field of a modal or a message, with its hint and the error of a refused submission. */
export function InputBlock({ block }: { block: BlockJson }) {
  const surface = useSurface();
  const id = useId();
  const blockId = String(block.block_id);
  const element = object(block.element) ?? { type: 'missing' };
  const error = surface.errors[blockId];
  const hint = textOf(block.hint);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={`block-input ${error ? 'has-error' : ''}`}>
      <label id={`${id}-label`} htmlFor={id}>
        {withEmoji(textOf(block.label))}
        {block.optional === true && <span className="optional"> (optional)</span>}
      </label>
      <FieldElement
        blockId={blockId}
        element={element}
        id={id}
        {...(described ? { describedBy: described } : {})}
        onChoose={(choice) => {
          const actionId = String(element.action_id);
          surface.enter(blockId, actionId, { type: element.type, ...choice });
          if (block.dispatch_action === true) surface.act(blockId, element, choice);
        }}
      />
      {hint && (
        <p id={`${id}-hint`} className="hint">
          {withEmoji(hint)}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
