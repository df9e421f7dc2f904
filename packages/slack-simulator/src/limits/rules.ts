/** The words in which block-rules.ts states Slack's limits. */

export interface Problem {
  /** `refused`: Slack answers with an error. `advice`: Slack takes it, people or other clients suffer. */
  readonly kind: 'refused' | 'advice';
  readonly message: string;
  /** JSON pointer from the message or view. */
  readonly at: string;
}

/** Says what is wrong about a value. Rules but `required` let an absent value pass. */
export type Rule = (value: unknown, at: string) => readonly Problem[];

export type Json = Readonly<Record<string, unknown>>;

export const refused = (at: string, message: string): Problem[] => [
  { kind: 'refused', at, message },
];
export const advice = (at: string, message: string): Problem[] => [{ kind: 'advice', at, message }];

export const items = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);

export const anything: Rule = () => [];

export function required(rule: Rule): Rule {
  return (value, at) =>
    value === undefined || value === null
      ? refused(at, `missing required field: ${at.split('/').at(-1)}`)
      : rule(value, at);
}

/** A string of at most `most` characters. */
export function string(most: number): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    if (typeof value !== 'string') return refused(at, 'must be a string');
    return value.length > most ? refused(at, `must be less than ${most + 1} characters`) : [];
  };
}

/** A `plain_text` or `mrkdwn` object with 1 to `most` characters. */
export function text(most: number): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    const { type, text: content } = value as Json;
    if (typeof content !== 'string' || content === '') {
      return refused(`${at}/text`, 'must be more than 0 characters');
    }
    return [
      ...string(most)(content, `${at}/text`),
      ...(type === 'mrkdwn' ? advice(at, 'mrkdwn parses what people typed') : []),
    ];
  };
}

export function plainText(most: number): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    const isPlain = (value as Json).type === 'plain_text';
    return isPlain ? text(most)(value, at) : refused(`${at}/type`, 'must be a plain_text object');
  };
}

/** Between `least` and `most` items that all follow `rule`. */
export function list(most: number, rule: Rule, least = 1): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return refused(at, 'must be an array');
    if (value.length < least) return refused(at, `no fewer than ${least} items allowed`);
    if (value.length > most) return refused(at, `no more than ${most} items allowed`);
    return value.flatMap((item, index) => rule(item, `${at}/${index}`));
  };
}

/** An object with rules for some of its fields, and for itself as a whole. */
export function shape(fields: Readonly<Record<string, Rule>>, whole?: Whole): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    if (typeof value !== 'object') return refused(at, 'must be an object');
    const json = value as Json;
    return [
      ...Object.entries(fields).flatMap(([name, rule]) => rule(json[name], `${at}/${name}`)),
      ...(whole?.(json, at) ?? []),
    ];
  };
}

type Whole = (json: Json, at: string) => readonly Problem[];

/** An object whose `type` chooses its rule; a type that is not in the table is refused. */
export function byType(table: Readonly<Record<string, Rule>>): Rule {
  return (value, at) => {
    if (value === undefined || value === null) return [];
    const type = String((value as Json).type);
    const rule = Object.hasOwn(table, type) ? table[type] : undefined;
    return rule ? rule(value, at) : refused(`${at}/type`, `unsupported type: ${type}`);
  };
}

export function unique(values: readonly unknown[], at: string, message: string): Problem[] {
  return new Set(values).size === values.length ? [] : refused(at, message);
}
