/** Fields with something to choose from: selects, lists of boxes, dates. */
import { BlockText } from './block-text.tsx';
import { type Directory, useDirectory } from './directory.tsx';
import type { ElementProps, FieldProps } from './element-props.ts';
import { type Json, object, objects, textOf } from './json.ts';
import { useSurface } from './surface.tsx';

interface Option {
  readonly value: string;
  readonly label: string;
  readonly group: string;
  readonly json: Json;
}

/** What a select offers, and the name under which Slack reports the choice. */
function optionsOf(element: Json, directory: Directory): readonly Option[] {
  const type = String(element.type);
  if (type.includes('users')) {
    return directory.info.people.map(({ id, realName }) => plainOption(id, realName));
  }
  if (type.includes('conversations') || type.includes('channels')) {
    return directory.info.channels.map(({ id, name }) => plainOption(id, `#${name}`));
  }
  const grouped = objects(element.option_groups).flatMap((group) =>
    objects(group.options).map((json) => toOption(json, textOf(group.label))),
  );
  return [...objects(element.options).map((json) => toOption(json, '')), ...grouped];
}

function choiceOf(type: string, option: Option): object {
  if (type.includes('users')) return { selected_user: option.value };
  if (type.includes('conversations')) return { selected_conversation: option.value };
  if (type.includes('channels')) return { selected_channel: option.value };
  return { selected_option: option.json };
}

function choicesOf(type: string, options: readonly Option[]): object {
  const values = options.map(({ value }) => value);
  if (type.includes('users')) return { selected_users: values };
  if (type.includes('conversations')) return { selected_conversations: values };
  if (type.includes('channels')) return { selected_channels: values };
  return { selected_options: options.map(({ json }) => json) };
}

/** The values chosen so far, whatever the field calls them. */
function chosenValues(state: unknown): readonly string[] {
  return Object.entries(object(state) ?? {})
    .filter(([key]) => key.startsWith('selected_'))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .map((value) => String(object(value)?.value ?? value ?? ''))
    .filter((value) => value !== '');
}

function useChosen({ blockId, element }: ElementProps): readonly string[] {
  return chosenValues(useSurface().values[blockId]?.[String(element.action_id)]);
}

export function SelectField(props: FieldProps) {
  const { element, id, describedBy, onChoose } = props;
  const surface = useSurface();
  const options = optionsOf(element, useDirectory());
  const chosen = useChosen(props)[0] ?? '';
  const placeholder = textOf(element.placeholder) || 'Choose…';
  const groups = [...new Set(options.map(({ group }) => group))];
  return (
    <select
      id={id}
      className="field select"
      aria-label={id ? undefined : placeholder}
      aria-describedby={describedBy}
      data-action={String(element.action_id)}
      value={chosen}
      disabled={surface.busy !== null}
      onChange={({ target }) => {
        const option = options.find(({ value }) => value === target.value);
        if (option) onChoose(choiceOf(String(element.type), option));
      }}
    >
      <option value="" disabled>
        {placeholder}
      </option>
      {groups.map((group) => {
        const entries = options
          .filter((option) => option.group === group)
          .map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ));
        return group ? (
          <optgroup key={group} label={group}>
            {entries}
          </optgroup>
        ) : (
          entries
        );
      })}
    </select>
  );
}

export function MultiSelect(props: FieldProps) {
  const { element, id, describedBy, onChoose } = props;
  const options = optionsOf(element, useDirectory());
  const chosen = useChosen(props);
  const limit = Number(element.max_selected_items ?? Number.POSITIVE_INFINITY);
  return (
    <fieldset
      className="choice-list choice-scroll"
      aria-labelledby={id && `${id}-label`}
      aria-describedby={describedBy}
    >
      <legend className="hidden">{textOf(element.placeholder) || 'Choose any'}</legend>
      {options.map(({ value, label }) => (
        <label key={value} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            disabled={!chosen.includes(value) && chosen.length >= limit}
            onChange={() => {
              const next = toggled(chosen, value);
              const kept = options.filter((option) => next.includes(option.value));
              onChoose(choicesOf(String(element.type), kept));
            }}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function ChoiceList(props: FieldProps) {
  const { blockId, element, id, describedBy, onChoose } = props;
  const chosen = useChosen(props);
  const isRadio = element.type === 'radio_buttons';
  const options = objects(element.options);
  return (
    <fieldset
      className="choice-list"
      role={isRadio ? 'radiogroup' : undefined}
      aria-labelledby={id && `${id}-label`}
      aria-describedby={describedBy}
    >
      {options.map((option) => {
        const value = String(option.value);
        return (
          <label key={value} className="choice">
            <input
              type={isRadio ? 'radio' : 'checkbox'}
              name={`${blockId}/${element.action_id}`}
              checked={chosen.includes(value)}
              onChange={() => {
                if (isRadio) return onChoose({ selected_option: option });
                const next = toggled(chosen, value);
                const kept = options.filter((each) => next.includes(String(each.value)));
                onChoose({ selected_options: kept });
              }}
            />
            <span>
              <BlockText object={option.text} />
              {option.description ? (
                <small>
                  <BlockText object={option.description} />
                </small>
              ) : null}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

const DATE_FIELDS = {
  datepicker: { input: 'date', key: 'selected_date' },
  timepicker: { input: 'time', key: 'selected_time' },
  datetimepicker: { input: 'datetime-local', key: 'selected_date_time' },
} as const;

export function DateField(props: FieldProps) {
  const { element, id, describedBy, onChoose } = props;
  const { input, key } = DATE_FIELDS[element.type as keyof typeof DATE_FIELDS];
  const chosen = useChosen(props)[0] ?? '';
  const isMoment = input === 'datetime-local';
  return (
    <input
      id={id}
      type={input}
      className="field"
      aria-label={id ? undefined : textOf(element.placeholder) || 'Date'}
      aria-describedby={describedBy}
      value={isMoment && chosen ? localMoment(Number(chosen)) : chosen}
      onChange={({ target }) =>
        onChoose({ [key]: isMoment ? Date.parse(target.value) / 1000 : target.value })
      }
    />
  );
}

function localMoment(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toggled(chosen: readonly string[], value: string): readonly string[] {
  return chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value];
}

function toOption(json: Json, group: string): Option {
  return { value: String(json.value), label: textOf(json.text), group, json };
}

function plainOption(value: string, label: string): Option {
  return { value, label, group: '', json: { value } };
}
