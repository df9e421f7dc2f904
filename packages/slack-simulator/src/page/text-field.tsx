import type { FieldProps } from './element-props.ts';
import { type Json, object, textOf } from './json.ts';
import { useSurface } from './surface.tsx';

const INPUT_TYPES: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
};

/** Everything one types into. Outside of an input block, Enter sends the text. */
export function TextField(props: FieldProps) {
  const { blockId, element, id, describedBy, onChoose } = props;
  const surface = useSurface();
  const actionId = String(element.action_id);
  const value = String(object(surface.values[blockId]?.[actionId])?.value ?? '');
  const shared = {
    id,
    className: 'field',
    'aria-describedby': describedBy,
    'aria-label': id ? undefined : textOf(element.placeholder) || 'Text',
    placeholder: textOf(element.placeholder),
    maxLength: lengthOf(element.max_length),
    value,
  };
  const enter = (text: string) =>
    surface.enter(blockId, actionId, { type: element.type, value: text === '' ? null : text });

  if (element.type === 'file_input') {
    return <p className="unsupported">File inputs are not part of this local page.</p>;
  }
  if (element.multiline === true || element.type === 'rich_text_input') {
    return <textarea {...shared} rows={4} onChange={({ target }) => enter(target.value)} />;
  }
  return (
    <input
      {...shared}
      type={INPUT_TYPES[String(element.type)] ?? 'text'}
      step={element.is_decimal_allowed === true ? 'any' : undefined}
      min={numberOf(element, 'min_value')}
      max={numberOf(element, 'max_value')}
      onChange={({ target }) => enter(target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || id) return;
        event.preventDefault();
        onChoose({ value });
      }}
    />
  );
}

function numberOf(element: Json, name: string): string | undefined {
  return element[name] === undefined ? undefined : String(element[name]);
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
