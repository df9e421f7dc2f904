/** How often inputs of a model fell into each bin of each histogram; never what they said. */
export interface InputCounts {
  readonly inputs: number;
  /** By the name of the histogram, as in the `reference.json` of the version. */
  readonly counts: Readonly<Record<string, readonly number[]>>;
}

export const noInputs: InputCounts = { inputs: 0, counts: {} };

/** Both together; histograms of another length are from other bins, and the newer ones stay. */
export function addInputs(before: InputCounts, now: InputCounts): InputCounts {
  const counts = { ...before.counts };
  for (const [name, bins] of Object.entries(now.counts)) {
    const known = counts[name];
    counts[name] =
      known?.length === bins.length ? bins.map((count, bin) => count + (known[bin] ?? 0)) : bins;
  }
  return { inputs: before.inputs + now.inputs, counts };
}

/** Counts as a model server writes them; null for anything else, which a log may hold. */
export function readInputCounts(value: unknown): InputCounts | null {
  if (typeof value !== 'object' || value === null) return null;
  const { inputs, counts } = value as Readonly<Record<string, unknown>>;
  if (!isCount(inputs) || typeof counts !== 'object' || counts === null) return null;
  const isWhole = Object.values(counts).every(
    (bins: unknown) => Array.isArray(bins) && bins.every(isCount),
  );
  return isWhole ? { inputs, counts: counts as InputCounts['counts'] } : null;
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0;
