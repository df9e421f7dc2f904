// Bolt and the routes trust what Slack sends. A signed body of another shape is refused before it
// reaches them. Written by hand: a schema library would load before the first byte is answered.

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string' && value !== '';
const string: Shape = (value) => typeof value === 'string';
const absent: Shape = (value) => value === undefined;
const anything: Shape = () => true;

const address: Shape = (value) => typeof value === 'string' && /^https?:\/\//.test(value);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Slack sends null for some of what it leaves out. */
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || value === null || shape(value);

/** Where Bolt itself fails on null. */
const ifPresent =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);

const either =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.some((shape) => shape(value));

const all =
  (...shapes: readonly Shape[]): Shape =>
  (value) =>
    shapes.every((shape) => shape(value));

/** Fields that are not named may be anything. */
const object =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, shape]) => shape(value[name]));

const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);

const filledListOf =
  (shape: Shape): Shape =>
  (value) =>
    listOf(shape)(value) && Array.isArray(value) && value.length > 0;

const recordOf =
  (shape: Shape): Shape =>
  (value) =>
    isRecord(value) && Object.values(value).every(shape);

const named = object({ id: text });
const option = object({ value: string });
/** What a person has entered, by block and action. */
const state = object({
  values: recordOf(
    recordOf(object({ value: optional(string), selected_option: optional(option) })),
  ),
});

const interaction = {
  // Bolt takes a body with one of these for another kind of request.
  event: absent,
  command: absent,
  name: absent,
  team: optional(named),
  enterprise: optional(named),
  user: object({ id: text, name: optional(string), username: optional(string) }),
  response_url: optional(address),
  function_data: optional(object({ inputs: optional(isRecord) })),
};
const view = { id: text, callback_id: text, private_metadata: optional(string) };

const interactions: Readonly<Record<string, Shape>> = {
  block_actions: all(
    // A click in a message is answered there.
    either(object({ view: isRecord }), object({ response_url: address })),
    object({
      ...interaction,
      trigger_id: text,
      actions: filledListOf(
        object({
          type: text,
          action_id: text,
          block_id: optional(string),
          value: optional(string),
          selected_option: optional(option),
        }),
      ),
      channel: ifPresent(named),
      container: optional(object({ thread_ts: optional(string) })),
      view: optional(object({ id: text, type: text, hash: optional(string) })),
      state: optional(state),
    }),
  ),
  view_submission: object({
    ...interaction,
    actions: absent,
    view: object({ ...view, state }),
    response_urls: ifPresent(listOf(isRecord)),
  }),
  view_closed: object({ ...interaction, actions: absent, view: object(view) }),
  shortcut: object({ ...interaction, actions: absent, callback_id: text, trigger_id: text }),
  message_action: object({
    ...interaction,
    actions: absent,
    callback_id: text,
    trigger_id: text,
    channel: named,
    message: object({ ts: text, thread_ts: optional(text) }),
  }),
};

const events: Readonly<Record<string, Shape>> = {
  app_mention: object({
    user: ifPresent(text),
    channel: text,
    ts: text,
    text: string,
    thread_ts: optional(text),
  }),
  app_home_opened: object({ user: text, tab: optional(string) }),
  // Of what people wrote; messages about messages have other fields.
  message: object({
    channel: ifPresent(text),
    user: ifPresent(text),
    text: optional(string),
    thread_ts: optional(text),
  }),
  file_shared: object({ file_id: text, user_id: text, channel_id: text }),
};
const anyEvent = object({
  type: text,
  user: ifPresent(either(string, isRecord)),
  channel: ifPresent(either(string, isRecord)),
  item: ifPresent(isRecord),
});

const envelopes: Readonly<Record<string, Shape>> = {
  url_verification: object({ challenge: text }),
  app_rate_limited: anything,
  event_callback: object({
    event_id: text,
    team_id: optional(text),
    authorizations: optional(filledListOf(isRecord)),
    event: (value) =>
      isRecord(value) && anyEvent(value) && (events[String(value.type)] ?? anything)(value),
  }),
};

/** Whether a JSON body is one that Slack's Events API sends. */
export function isEventBody(value: unknown): boolean {
  return isRecord(value) && shapeOf(envelopes, value.type)(value);
}

/** Whether the payload of a form is an interaction of a kind this bot may get. */
export function isInteraction(value: unknown): boolean {
  return isRecord(value) && shapeOf(interactions, value.type)(value);
}

/** Whether a form without a payload is a slash command, or Slack's check of the certificate. */
export function isCommandForm(form: URLSearchParams): boolean {
  if (form.get('ssl_check') === '1') return true;
  return ['command', 'user_id', 'trigger_id'].every((name) => text(form.get(name)));
}

function shapeOf(shapes: Readonly<Record<string, Shape>>, type: unknown): Shape {
  const known = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  return known ?? (() => false);
}
