import { capitalised } from './format.ts';
import { metricTitle } from './metric-title.ts';

/** What people call a setting, where its own name would not say it. */
const titles: Readonly<Record<string, string>> = {
  num_train_epochs: 'Epochs',
  per_device_train_batch_size: 'Batch size',
  max_length: 'Most tokens of a text',
  warmup_ratio: 'Share of warm-up',
  load_best_model_at_end: 'Publish the best epoch',
  metric_for_best_model: 'An epoch is best by',
  early_stopping_patience: 'Epochs without a better one',
  save_seconds: 'Seconds between checkpoints',
  n_layers: 'Layers',
  dim: 'Width',
  n_heads: 'Attention heads',
  vocab_size: 'Words of the vocabulary',
  ngrams: 'Character n-grams',
  max_iter: 'Most iterations',
  max_leaf_nodes: 'Most leaves of a tree',
  n_estimators: 'Trees',
  max_depth: 'Deepest level of a tree',
  word_ngrams: 'Words of a term',
  character_ngrams: 'Characters of a term',
  min_rows: 'Fewest rows of a term',
  max_terms: 'Most terms',
  max_characters: 'Most characters of a text',
};

/** The title of a setting for people: `learning_rate` is “Learning rate”. Data keeps its name. */
export function settingTitle(name: string): string {
  return Object.hasOwn(titles, name) ? (titles[name] ?? name) : capitalised(spaced(name));
}

/** A value for people: `gradient_boosting` is “gradient boosting”; figures and names stay as they are. */
export function settingValue(value: string): string {
  if (value === '') return '(empty)';
  return /^[a-z]+(?:_[a-z0-9]+)+$/.test(value) ? lowered(metricTitle(value)) : value;
}

/** A sentence about settings, with their titles in place of their names. */
export function settingsInWords(text: string): string {
  return text.replace(/\b[a-z]+(?:_[a-z0-9]+)+\b/g, (name) =>
    Object.hasOwn(titles, name) ? `“${settingTitle(name)}”` : spaced(name),
  );
}

const spaced = (name: string): string => name.replaceAll('_', ' ');

const lowered = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);
