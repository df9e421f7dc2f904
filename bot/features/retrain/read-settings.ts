import { closest } from '../../../pipeline/core/closest.ts';
import type { Recipe } from '../../../pipeline/core/python-contract.ts';
import { shown } from '../../blocks/escape.ts';
import { Misread, renaming, replacing } from '../../interaction/misread.ts';

/** What people call a hyperparameter, and the names recipes give it. */
const names: readonly {
  readonly words: readonly string[];
  readonly called: readonly string[];
}[] = [
  { words: ['epochs', 'epoch', 'passes'], called: ['num_train_epochs', 'epochs', 'num_epochs'] },
  { words: ['lr', 'learningrate', 'learning-rate'], called: ['learning_rate', 'lr'] },
  {
    words: ['batch', 'batchsize', 'batch_size', 'batch-size', 'bs'],
    called: ['per_device_train_batch_size', 'train_batch_size', 'batch_size'],
  },
  { words: ['wd', 'decay'], called: ['weight_decay'] },
  { words: ['warmup'], called: ['warmup_ratio', 'warmup_steps'] },
  { words: ['layers', 'layer'], called: ['n_layers', 'num_layers'] },
  { words: ['heads'], called: ['n_heads', 'num_heads'] },
  { words: ['trees', 'estimators'], called: ['n_estimators'] },
  { words: ['depth'], called: ['max_depth'] },
  { words: ['iterations', 'iter'], called: ['max_iter'] },
  { words: ['length'], called: ['max_length'] },
];

/** The hyperparameter that a word has always meant; null when the recipe has none or several. */
function nameOf(recipe: Recipe, typed: string): string | null {
  const own = Object.keys(recipe.hyperparameters);
  const word = typed.toLowerCase();
  if (own.includes(word)) return word;
  const called = names.find(({ words }) => words.includes(word))?.called ?? [];
  const [only, second] = own.filter((name) => called.includes(name));
  return only !== undefined && second === undefined ? only : null;
}

/**
 * Settings as typed, by the names of the recipe: `lr=1e-5`, and `5 epochs` or `epochs 5` among the
 * words. @throws {Misread} for a word or key that is no hyperparameter.
 */
export function readSettings(
  recipe: Recipe,
  { words, options }: { words: readonly string[]; options: Readonly<Record<string, string>> },
): Readonly<Record<string, string>> {
  const read = new Map<string, string>();
  for (const [key, value] of Object.entries(options)) {
    read.set(nameOf(recipe, key) ?? unknownKey(recipe, key), value);
  }
  for (let at = 0; at < words.length; at += 2) {
    const [first = '', second = ''] = words.slice(at, at + 2);
    const [name, value] = isNumber(second) ? [first, second] : [second, first];
    const known = isNumber(value) ? nameOf(recipe, name) : null;
    if (known === null) throw unknownWord(recipe, first, second);
    read.set(known, value);
  }
  return Object.fromEntries(read);
}

const isNumber = (word: string): boolean => /^[-+]?\d*\.?\d+(?:e[-+]?\d+)?$/i.test(word);

function unknownKey(recipe: Recipe, key: string): string {
  const own = Object.keys(recipe.hyperparameters);
  const near = closest(key, own);
  // Without a guess the caller of the pipeline learns which there are.
  if (near === null) return key;
  throw new Misread(
    'HYPERPARAMETER_INVALID',
    `The recipe “${recipe.name}” has no hyperparameter “${shown(key, 40)}”.`,
    { corrections: [renaming(key, near)] },
  );
}

function unknownWord(recipe: Recipe, first: string, second: string): Misread {
  const name = isNumber(first) ? second : first;
  const near =
    isNumber(first) || isNumber(second) ? closest(name, Object.keys(recipe.hyperparameters)) : null;
  return new Misread('REQUEST_INVALID', `retrain does not take “${shown(name || first, 60)}”.`, {
    ...(near === null
      ? { hint: 'Settings are written as name=value; /mlops help retrain has examples.' }
      : {}),
    corrections: near === null ? [] : [replacing(name, near)],
  });
}
