import type { AuditEntry } from '../../../pipeline/core/audit.ts';
import { MlopsError } from '../../../pipeline/core/errors.ts';
import { shown } from '../../blocks/escape.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { Misread } from '../../interaction/misread.ts';
import { auditMessage } from './audit-message.ts';
import { isNoise } from './is-noise.ts';

const DEFAULT_ENTRIES = 10;
const MAX_ENTRIES = 30;
/** Entries looked through for those that are shown. */
const MOST_SEARCHED = 200;

export const audit: Command = {
  name: 'audit',
  usage: '[model] [person] [number] [--all]',
  summary: 'Who did what, where and with which result; --all adds reads and typing mistakes.',
  examples: ['audit', 'audit spam', 'audit grace', 'audit spam 30 --all'],
  options: ['all'],
  maxWords: 4,
  async run({ words, options, tools }) {
    const { model, person, limit, isAll } = readScope(tools, words);
    const withNoise = isAll || options.all !== undefined;
    const found = await tools.pipeline.audit.list({
      ...(model === null ? {} : { model }),
      limit: MOST_SEARCHED,
    });
    const entries = await withNames(tools, found);
    const named = person === null ? undefined : entries.find((entry) => isBy(entry, person));
    if (person !== null && named === undefined) throw unknownPerson(tools, person);
    const about = entries
      .filter((entry) => person === null || isBy(entry, person))
      .filter((entry) => withNoise || !isNoise(entry));
    return auditMessage(about.slice(0, limit), {
      model,
      person: named?.by.name ?? null,
      isFiltered: !withNoise,
    });
  },
};

interface Scope {
  readonly model: string | null;
  readonly person: string | null;
  readonly limit: number;
  readonly isAll: boolean;
}

/** A model, a person and a number, in any order. */
function readScope({ config }: CommandTools, words: readonly string[]): Scope {
  let scope: Scope = { model: null, person: null, limit: DEFAULT_ENTRIES, isAll: false };
  for (const word of words) {
    const name = word.toLowerCase();
    if (Object.hasOwn(config.models, name)) scope = { ...scope, model: name };
    else if (/^\d+$/.test(word)) scope = { ...scope, limit: readCount(word) };
    else if (name === 'all' || name === 'everything') scope = { ...scope, isAll: true };
    else if (name !== 'by' && name !== 'from') scope = { ...scope, person: word };
  }
  return scope;
}

/** `@grace`, `Grace`, `Grace's` id, or a mention as Slack writes it. */
function isBy({ by }: AuditEntry, typed: string): boolean {
  const bare = (/^<@([UW][A-Z0-9]+)/.exec(typed)?.[1] ?? typed.replace(/^@/, '')).toLowerCase();
  const name = by.name.toLowerCase();
  const ids = by.kind === 'person' ? [by.id.toLowerCase()] : [];
  return [name, ...name.split(/\s+/), ...ids].includes(bare);
}

/** People by the name Slack shows now, also in entries that kept an id for a name. */
async function withNames(
  { people }: CommandTools,
  entries: readonly AuditEntry[],
): Promise<readonly AuditEntry[]> {
  const names = new Map<string, string>();
  for (const { by } of entries) {
    if (by.kind === 'person' && by.name !== by.id) names.set(by.id, names.get(by.id) ?? by.name);
  }
  const unnamed = entries.flatMap(({ by }) =>
    by.kind === 'person' && !names.has(by.id) ? [by.id] : [],
  );
  for (const id of [...new Set(unnamed)].slice(0, 5)) {
    const actor = await people?.actorOf(id);
    if (actor !== undefined) names.set(id, actor.name);
  }
  return entries.map((entry) => {
    const { by } = entry;
    return by.kind === 'person'
      ? { ...entry, by: { ...by, name: names.get(by.id) ?? by.name } }
      : entry;
  });
}

/** A word that names no one is more likely a mistyped model. */
function unknownPerson(tools: CommandTools, typed: string): MlopsError {
  try {
    readModel(tools, typed);
  } catch (error) {
    if (error instanceof Misread && error.corrections.length > 0) return error;
  }
  return new MlopsError(
    'MODEL_UNKNOWN',
    `“${shown(typed, 40)}” is neither a model nor anyone in the audit log.`,
    { hint: `The models are: ${Object.keys(tools.config.models).join(', ')}.` },
  );
}

function readCount(typed: string): number {
  const value = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  if (value >= 1) return Math.min(value, MAX_ENTRIES);
  throw new MlopsError('NUMBER_INVALID', `“${shown(typed, 20)}” is not a number of entries.`, {
    hint: `Use a number from 1 to ${MAX_ENTRIES}.`,
  });
}
