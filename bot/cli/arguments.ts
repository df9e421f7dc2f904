import { closest } from '../../pipeline/core/closest.ts';

/** Flags of the command line itself; everything else goes to the command. */
export interface CliArguments {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly wait: boolean;
  readonly yes: boolean;
  readonly help: boolean;
  readonly as: string | null;
  /** Data folder of the app; null: the default one. */
  readonly data: string | null;
  /** Deployment on AWS, or `local` for the app on this machine; null: MLOPS_STAGE decides. */
  readonly stage: string | null;
}

const switches = ['json', 'wait', 'yes', 'help'] as const;
const withValue = ['as', 'data', 'stage'] as const;
const names: readonly string[] = [...switches, ...withValue];

/** A Lambda function does not learn who invoked it, so nobody can act as a person there. */
export const asIsLocal =
  '--as works only with the app on this machine; a stage on AWS does not know who you are.';

/** Commands that start or continue a run, which `--wait` can follow. */
const followable: readonly string[] = [
  'retrain',
  'promote',
  'rollback',
  'retire',
  'retry',
  'approve',
];

/**
 * Separates the flags from the command. `--epochs=3` and the like stay with the command, as its
 * options. Returns a sentence when the arguments make no sense.
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
  const [data = null, stage = null] = [values.get('data'), values.get('stage')];
  if (stage !== null && stage !== 'local') {
    if (data !== null)
      return '--data selects an app on this machine, --stage a deployment on AWS; use one of them.';
    if (as !== null) return asIsLocal;
  }
  if (given.has('wait') && !followable.includes(words[0]?.toLowerCase() ?? '')) {
    return `--wait works with ${followable.join(', ')}.`;
  }
  const is = (name: (typeof switches)[number]) => given.has(name);
  return {
    words,
    json: is('json'),
    wait: is('wait'),
    yes: is('yes'),
    help: is('help'),
    as,
    data,
    stage,
  };
}

function unknownFlag(name: string): string {
  const near = closest(name, names);
  const meant = near === null ? 'mlops --help lists the flags.' : `Did you mean --${near}?`;
  return `There is no flag --${name}; command options are written key=value. ${meant}`;
}

function isOneOf(known: readonly string[], name: string): boolean {
  return known.includes(name);
}
