import type { ModelConfig } from '../../pipeline/core/config.ts';

/** Enough held-out rows for the gate, and a training of seconds. */
const ROWS = 800;
const WORDS_PER_TEXT = 12;
const FEATURES = 4;

/**
 * A small dataset with two classes that any recipe can tell apart, the same in every call. No two rows
 * are near-duplicates of each other.
 */
export function smokeDataset({
  task,
  columns,
  data,
  gate,
}: Pick<ModelConfig, 'task' | 'columns' | 'data' | 'gate'>): string {
  const random = createRandom();
  const splitNames = [data.group, data.time].filter((name) => name !== undefined);
  const sliceNames = gate.slices.filter((name) => !splitNames.includes(name));
  const rows = Array.from({ length: ROWS }, (_, index) => {
    const label = index % 2 === 0 ? 'alpha' : 'beta';
    const features =
      task === 'text-classification' ? [textOf(label, random)] : featuresOf(label, random);
    // By these rows are split and sliced, where the model has any: no group and no time twice.
    return [...features, ...splitNames.map(() => index), ...sliceNames.map(() => index % 4), label];
  });
  const names =
    task === 'text-classification'
      ? [columns.text ?? 'text']
      : Array.from({ length: FEATURES }, (_, index) => `feature_${index + 1}`);
  return [[...names, ...splitNames, ...sliceNames, columns.label], ...rows]
    .map((row) => `${row.join(',')}\n`)
    .join('');
}

/** Words of the class among words that say nothing. */
function textOf(label: string, random: () => number): string {
  return Array.from({ length: WORDS_PER_TEXT }, (_, index) =>
    index % 3 === 0
      ? `${label}${Math.floor(random() * 20)}`
      : Math.floor(random() * 2 ** 31).toString(36),
  ).join(' ');
}

function featuresOf(label: string, random: () => number): readonly string[] {
  const center = label === 'alpha' ? 0 : 10;
  return Array.from({ length: FEATURES }, () => (center + random() * 4).toFixed(4));
}

/** A linear congruential generator of Lehmer (MINSTD), from 0 to 1. */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
