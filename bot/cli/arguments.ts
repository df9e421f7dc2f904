import { closest } from '../../pipeline/core/closest.ts';

/** What belongs to the command line itself; everything else goes to the command. */
export interface CliArguments {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly wait: boolean;
  readonly yes: boolean;
  readonly help: boolean;
  readonly as: string | null;
  /** Data folder of the app; null: the usual one. */
  readonly data: string | null;
}

const switches = ['json', 'wait', 'yes', 'help'] as const;
const withValue = ['as', 'data'] as const;
const names: readonly string[] = [...switches, ...withValue];

/** Commands that start a run, which `--wait` can follow. */
const startsRuns: readonly string[] = ['retrain', 'promote', 'rollback', 'retry'];

/**
 * Takes the flags out; `--epochs=3` and the like stay, as the option of the command they are.
 * Returns a sentence when something cannot be meant.
 */
export function readArguments(args: readonly string[]): CliArguments | string {
  const words: string[] = [];
  const given = new Set<string>();
  const values = new Map<string, string>();
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (word === '-h') given.add('help');
    else if (name === undefined) words.push(word);
    else if (isOneOf(withValue, name)) {
      const next = value ?? args[++index];
      if (next === undefined || next === '') return `--${name} needs a value.`;
      values.set(name, next);
    } else if (isOneOf(switches, name) && value === undefined) given.add(name);
    else if (value !== undefined) words.push(word);
    else return unknownFlag(name);
  }
  const as = values.get('as') ?? null;
  if (as !== null && !/^[UW][A-Z0-9]{2,}$/.test(as)) {
    return `--as needs a Slack member id such as U0ADA, not “${as}”.`;
  }
  if (given.has('wait') && !startsRuns.includes(words[0]?.toLowerCase() ?? '')) {
    return `--wait goes with ${startsRuns.join(', ')}.`;
  }
  const is = (name: (typeof switches)[number]) => given.has(name);
  return {
    words,
    json: is('json'),
    wait: is('wait'),
    yes: is('yes'),
    help: is('help'),
    as,
    data: values.get('data') ?? null,
  };
}

function unknownFlag(name: string): string {
  const near = closest(name, names);
  const meant = near === null ? 'mlops --help lists the flags.' : `Did you mean --${near}?`;
  return `There is no flag --${name}; options of a command are written key=value. ${meant}`;
}

function isOneOf(known: readonly string[], name: string): boolean {
  return known.includes(name);
}
