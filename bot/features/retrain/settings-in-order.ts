/** Settings that people change most, in the order of the form. */
const known: readonly string[] = [
  'num_train_epochs',
  'epochs',
  'learning_rate',
  'per_device_train_batch_size',
  'batch_size',
  'algorithm',
  'class_weight',
  'n_estimators',
  'base_model',
];

/** Settings shown at once; a form with hardly more shows all. */
const MOST_FIRST = 4;
const FEW = 6;

/** The settings that matter first, then the rest; a recipe without any of these keeps its order. */
export function settingsInOrder<T extends { readonly name: string }>(
  settings: readonly T[],
): { readonly first: readonly T[]; readonly more: readonly T[] } {
  if (settings.length <= FEW) return { first: settings, more: [] };
  const ranked = known.flatMap((name) => settings.filter((each) => each.name === name));
  const ordered = [...ranked, ...settings.filter((each) => !ranked.includes(each))];
  return { first: ordered.slice(0, MOST_FIRST), more: ordered.slice(MOST_FIRST) };
}
