import type { Config } from '../../pipeline/core/config.ts';
import type { Command } from './command.ts';
import { isQuestion, readQuestion } from './questions.ts';
import type { Typed } from './tokenize.ts';
import { actionFirst, fillers, LONGEST_PHRASE, openings, synonymOf } from './vocabulary.ts';

/** What was typed, in the terms of the bot. */
export interface Understood extends Typed {
  /** The command meant; null when the first word stands for none. */
  readonly name: string | null;
}

type Known = {
  readonly commands: readonly Pick<Command, 'name' | 'maxWords'>[];
  readonly models: Config['models'];
};

/**
 * Reads what people type as a command: greetings, synonyms, titles of models, words in another order,
 * ranges of versions and `--key value`. Only changes what has one meaning; the rest is left as typed
 * for the command to refuse.
 */
export function understand({ words, options }: Typed, known: Known): Understood {
  const spoken = withoutOpening(words, known);
  const start = commandAt(spoken, 0, known) ?? commandAfterModel(spoken, known);
  if (start === null) {
    const folded = foldTitles(withoutMarks(spoken), known.models);
    const [model, ...rest] = folded;
    const isModel = model !== undefined && Object.hasOwn(known.models, model);
    // A model on its own asks how it is.
    if (isModel && rest.length === 0) return { name: 'status', words: [model], options };
    const question = readQuestion(folded, known.models);
    const isKnown = known.commands.some(({ name }) => name === question?.name);
    if (question !== null && isKnown) return { ...question, options };
    return { name: null, words: spoken, options };
  }
  const { command, rest } = start;
  if (command.maxWords === Number.POSITIVE_INFINITY) {
    const said = isQuestion(command.name) ? withoutMarks(rest) : rest;
    return { name: command.name, words: foldTitles(said, known.models), options };
  }
  const { models } = known;
  const flagged = readFlags(rest, options, models);
  const folded = foldTitles(withoutMarks(flagged.words), models);
  const ordered = actionFirst.has(command.name) ? folded : modelFirst(folded, models);
  const args = ordered.flatMap(splitRange);
  return {
    name: command.name,
    words: withoutFillers(args, known.models),
    options: flagged.options,
  };
}

interface Start {
  readonly command: Known['commands'][number];
  readonly rest: readonly string[];
}

/** The command whose name or synonym begins at `index`, the longest phrase first. */
function commandAt(words: readonly string[], index: number, known: Known): Start | null {
  for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
    const taken = words.slice(index, index + length);
    if (taken.length < length) continue;
    const phrase = withoutMarks(taken).join(' ').toLowerCase() || taken.join(' ');
    const name = known.commands.some((each) => each.name === phrase) ? phrase : synonymOf(phrase);
    const command = known.commands.find((each) => each.name === name);
    if (command === undefined) continue;
    const rest = [...words.slice(0, index), ...words.slice(index + length)];
    return length === 1 && isGeneral(phrase)
      ? moreExact(rest, known, { command, rest })
      : { command, rest };
  }
  return null;
}

/** `show`, `list` and the like say nothing when a command follows. */
const isGeneral = (word: string): boolean =>
  ['show', 'list', 'view', 'model', 'start'].includes(word);

function moreExact(rest: readonly string[], known: Known, otherwise: Start): Start {
  const [next] = rest;
  const skipped = next !== undefined && fillers.has(next.toLowerCase()) ? rest.slice(1) : rest;
  return commandAt(skipped, 0, known) ?? otherwise;
}

/** `spam status`: the command stands behind its model. */
function commandAfterModel(words: readonly string[], known: Known): Start | null {
  const folded = foldTitles(words, known.models);
  const [model = ''] = folded;
  return Object.hasOwn(known.models, model) && folded.length > 1
    ? commandAt(folded, 1, known)
    : null;
}

function withoutOpening(words: readonly string[], known: Known): readonly string[] {
  const [first = ''] = words;
  if (known.commands.some(({ name }) => name === first.toLowerCase())) return words;
  const bare = words.slice(0, 4).map((word) => word.toLowerCase().replace(/[,:;!.-]+$/u, ''));
  const opening =
    first !== '' && bare[0] === ''
      ? 1
      : openings.find((phrase) => phrase.every((word, at) => bare[at] === word))?.length;
  // A word alone is no greeting but an unknown command.
  if (opening === undefined || words.length <= opening) return words;
  const [next = '', ...rest] = words.slice(opening);
  return withoutOpening(
    ['the', 'my', 'all'].includes(next.toLowerCase()) ? rest : [next, ...rest],
    known,
  );
}

/** Punctuation of a sentence at the end of a word. */
function withoutMarks(words: readonly string[]): string[] {
  return words.map((word) => word.replace(/(?<=[\p{L}\p{N}])[?!.,;:]+$/u, ''));
}

/** `Spam Filter` as `spam`, wherever it stands; also a name in another case. */
function foldTitles(words: readonly string[], models: Config['models']): string[] {
  const named = Object.entries(models)
    .flatMap(([name, { title }]) => [
      { name, parts: title.toLowerCase().split(/\s+/) },
      { name, parts: [name] },
    ])
    .sort((a, b) => b.parts.length - a.parts.length);
  const folded: string[] = [];
  for (let at = 0; at < words.length; ) {
    const found = named.find(({ parts }) =>
      parts.every((part, index) => words[at + index]?.toLowerCase() === part),
    );
    folded.push(found?.name ?? words[at] ?? '');
    at += found?.parts.length ?? 1;
  }
  return folded;
}

function modelFirst(words: readonly string[], models: Config['models']): readonly string[] {
  const at = words.findIndex((word) => Object.hasOwn(models, word));
  if (at <= 0) return words;
  return [words[at] ?? '', ...words.slice(0, at), ...words.slice(at + 1)];
}

const FLAG = /^(?:--|[–—])([a-z][\w.-]*)$/i;

/** `--key value` as `key=value`; a flag before a model, another flag or nothing is a switch. */
function readFlags(
  words: readonly string[],
  options: Typed['options'],
  models: Config['models'],
): Typed {
  const left: string[] = [];
  const read = new Map(Object.entries(options));
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const key = FLAG.exec(word)?.[1]?.toLowerCase();
    const next = words[at + 1];
    if (key === undefined) left.push(word);
    else if (next === undefined || FLAG.test(next) || Object.hasOwn(models, next.toLowerCase())) {
      read.set(key, 'true');
    } else {
      read.set(key, next);
      at += 1;
    }
  }
  return { words: left, options: Object.fromEntries(read) };
}

/** `v1..v2` and `v1→v2` as two versions. */
function splitRange(word: string): string[] {
  const [, from, to] =
    /^(v?\d{1,9})(?:\.{2,3}|…|->|=>|→|(?<=v\d+)-(?=v))(v?\d{1,9})$/i.exec(word) ?? [];
  return from === undefined || to === undefined ? [word] : [from, to];
}

function withoutFillers(words: readonly string[], models: Config['models']): readonly string[] {
  return words.filter((word) => {
    const lower = word.toLowerCase();
    return Object.hasOwn(models, lower) || (lower !== '' && !fillers.has(lower));
  });
}
