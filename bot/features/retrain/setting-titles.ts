import { capitalised } from '../../blocks/format.ts';

/** Settings that people change most, in the order of the form, with the titles they have there. */
const known: readonly (readonly [name: string, title: string])[] = [
  ['num_train_epochs', 'Epochs'],
  ['epochs', 'Epochs'],
  ['learning_rate', 'Learning rate'],
  ['per_device_train_batch_size', 'Batch size'],
  ['batch_size', 'Batch size'],
  ['algorithm', 'Algorithm'],
  ['class_weight', 'Class weight'],
  ['n_estimators', 'Trees'],
  ['base_model', 'Base model'],
];

/** Settings shown at once; a form with hardly more shows all. */
const MOST_FIRST = 4;
const FEW = 6;

/** The title of a setting for people: `warmup_ratio` is “Warmup ratio”. */
export function settingTitle(name: string): string {
  return known.find(([each]) => each === name)?.[1] ?? capitalised(name.replaceAll('_', ' '));
}

/** The settings that matter first, then the rest; a recipe without any of these keeps its order. */
export function settingsInOrder<T extends { readonly name: string }>(
  settings: readonly T[],
): { readonly first: readonly T[]; readonly more: readonly T[] } {
  if (settings.length <= FEW) return { first: settings, more: [] };
  const ranked = known.flatMap(([name]) => settings.filter((each) => each.name === name));
  const ordered = [...ranked, ...settings.filter((each) => !ranked.includes(each))];
  return { first: ordered.slice(0, MOST_FIRST), more: ordered.slice(MOST_FIRST) };
}
