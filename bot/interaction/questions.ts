/** A question in the terms of a command: its name, and the words it is to answer from. */
export interface Question {
  readonly name: string;
  readonly words: readonly string[];
}

const asks =
  /^(?:what|whats|what's|which|why|who|whos|who's|when|how|hows|how's|where|is|are|was|were|did|does|has|any|anything)$/;

/** What a sentence asks about, in the order in which it is looked for; the rest is a status. */
const subjects: readonly { readonly about: RegExp; readonly name: string }[] = [
  {
    about: /\b(?:waiting|wait|pending|approvals?|to approve|for me|to decide)\b/,
    name: 'approvals',
  },
  { about: /\b(?:chang\w*|differ\w*|better|worse|compare\w*|new in)\b/, name: 'diff' },
  { about: /\b(?:cost\w*|spen[dt]\w*|price\w*|expensive|money|pay|paid|bill\w*)\b/, name: 'costs' },
  { about: /\b(?:alerts?|alarms?|wrong|regress\w*|broken|problems?)\b/, name: 'alerts' },
  {
    about: /\b(?:versions?|registered)\b(?!.*\b(?:live|production|prod|deployed|serving)\b)/,
    name: 'versions',
  },
  { about: /\b(?:runs|happen\w*|history)\b/, name: 'runs' },
  { about: /\b(?:commands?|help|can you do|do you do)\b/, name: 'help' },
];

/** The commands that answer a sentence, not arguments. */
export function isQuestion(name: string): boolean {
  return ['why', 'who', 'when'].includes(name);
}

/** The command that answers a question; null when the words are none. */
export function readQuestion(
  words: readonly string[],
  models: Readonly<Record<string, unknown>>,
): Question | null {
  const [first = ''] = words;
  const opening = first.toLowerCase().replace(/[?!.,;:]+$/u, '');
  if (!asks.test(opening)) return null;
  const own = opening.replace(/'?s$/, '');
  if (isQuestion(own)) return { name: own, words: words.slice(1) };
  const sentence = words.join(' ').toLowerCase();
  const name = subjects.find(({ about }) => about.test(sentence))?.name ?? 'status';
  const takesModel = name !== 'approvals' && name !== 'help';
  const named = words.filter((word) => Object.hasOwn(models, word));
  const versions = name === 'diff' ? words.filter((word) => /^v\d+\W*$/i.test(word)) : [];
  return { name, words: takesModel ? [...named.slice(0, 1), ...versions] : [] };
}
