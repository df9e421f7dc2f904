/** Block Kit's interactive elements outside of input blocks: each choice is sent at once. */
import type { ReactNode } from 'react';
import { BlockText, withEmoji } from './block-text.tsx';
import { ChoiceList, DateField, MultiSelect, SelectField } from './choices.tsx';
import type { ElementProps, FieldProps } from './element-props.ts';
import { object, objects, textOf } from './json.ts';
import { Menu } from './menu.tsx';
import { useSurface } from './surface.tsx';
import { TextField } from './text-field.tsx';

export function BlockElement({ blockId, element }: ElementProps): ReactNode {
  const surface = useSurface();
  const actionId = String(element.action_id);
  const choose = (choice: object): void => {
    surface.enter(blockId, actionId, { type: element.type, ...choice });
    surface.act(blockId, element, choice);
  };
  const field = { blockId, element, onChoose: choose };
  switch (element.type) {
    case 'button':
      return <ButtonElement blockId={blockId} element={element} />;
    case 'overflow':
      return <OverflowElement blockId={blockId} element={element} />;
    case 'feedback_buttons':
      return <FeedbackElement blockId={blockId} element={element} />;
    case 'image':
      return (
        <img
          className="element-image"
          src={String(element.image_url)}
          alt={String(element.alt_text ?? '')}
        />
      );
    default:
      return <FieldElement {...field} />;
  }
}

/** The elements that input blocks and action blocks share. */
export function FieldElement(props: FieldProps): ReactNode {
  const type = String(props.element.type);
  if (type === 'checkboxes' || type === 'radio_buttons') return <ChoiceList {...props} />;
  if (type.startsWith('multi_')) return <MultiSelect {...props} />;
  if (type.endsWith('_select')) return <SelectField {...props} />;
  if (/^(date|time|datetime)picker$/.test(type)) return <DateField {...props} />;
  if (/_input$/.test(type)) return <TextField {...props} />;
  return <p className="unsupported">This page cannot show a “{type}” element.</p>;
}

function ButtonElement({ blockId, element }: ElementProps) {
  const surface = useSurface();
  const isBusy = surface.busy === `${blockId}/${element.action_id}`;
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : 'plain';
  const label = withEmoji(textOf(element.text));
  const name =
    typeof element.accessibility_label === 'string'
      ? { 'aria-label': element.accessibility_label }
      : {};
  const url = typeof element.url === 'string' && /^https?:\/\//i.test(element.url) && element.url;
  if (url) {
    return (
      <a
        className={`button button-${style}`}
        href={url}
        target="_blank"
        rel="noreferrer noopener"
        onClick={() => surface.act(blockId, { ...element, confirm: undefined }, {})}
        {...name}
      >
        {label}
        <svg className="icon icon-small" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M8 5H5v10h10v-3M11 4h5v5M16 4l-7 7" />
        </svg>
      </a>
    );
  }
  return (
    <button
      type="button"
      className={`button button-${style}`}
      data-action={String(element.action_id)}
      aria-busy={isBusy}
      disabled={surface.busy !== null}
      onClick={() => surface.act(blockId, element, {})}
      {...name}
    >
      {isBusy && <span className="spinner" aria-hidden="true" />}
      {label}
    </button>
  );
}

function OverflowElement({ blockId, element }: ElementProps) {
  const surface = useSurface();
  return (
    <Menu
      label="More actions"
      className="button button-plain button-square"
      isDisabled={surface.busy !== null}
      items={objects(element.options).map((option) => ({
        key: String(option.value),
        label: <BlockText object={option.text} />,
        onChoose() {
          if (typeof option.url === 'string') window.open(option.url, '_blank', 'noopener');
          surface.act(blockId, element, { selected_option: option });
        },
      }))}
    >
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="4" cy="10" r="1.4" />
        <circle cx="10" cy="10" r="1.4" />
        <circle cx="16" cy="10" r="1.4" />
      </svg>
    </Menu>
  );
}

function FeedbackElement({ blockId, element }: ElementProps) {
  const surface = useSurface();
  return (
    <span className="feedback">
      {[element.positive_button, element.negative_button].map((each) => {
        const button = object(each) ?? {};
        return (
          <button
            key={String(button.value)}
            type="button"
            className="button button-plain"
            disabled={surface.busy !== null}
            onClick={() => surface.act(blockId, element, { value: button.value })}
          >
            {withEmoji(textOf(button.text))}
          </button>
        );
      })}
    </span>
  );
}
