/**
 * Which rows a held-out set has, small enough to keep: its 128 smallest row hashes, a bottom-k sketch
 * (Cohen & Kaplan 2007, "Summarizing data using bottom-k sketches"). Datasets grow, so two sets are
 * rarely equal; what matters is how many rows they share.
 */
export interface HeldOutSketch {
  readonly rows: number;
  /** Ascending, each a whole number below 2³². */
  readonly hashes: readonly number[];
}

const SKETCH_SIZE = 128;

/** `ids` are those of `predictions.csv`, which follow from a row's content. */
export function sketchOf(ids: readonly string[]): HeldOutSketch {
  const hashes = Uint32Array.from(ids, hash).sort();
  return { rows: ids.length, hashes: Array.from(hashes.subarray(0, SKETCH_SIZE)) };
}

/** A name for the set: equal for equal sets, in any order. */
export function fingerprintOf({ rows, hashes }: HeldOutSketch): string {
  return `${rows}-${hash(hashes.join(' ')).toString(16).padStart(8, '0')}`;
}

/** Share of the rows of `now` that were in `earlier` too; ± 0.05 unless one of them is small. */
export function shareSeen(now: HeldOutSketch, earlier: HeldOutSketch): number {
  if (now.hashes.length === 0 || earlier.hashes.length === 0) return 0;
  const inEarlier = new Set(earlier.hashes);
  const inNow = new Set(now.hashes);
  const union = [...new Set([...now.hashes, ...earlier.hashes])]
    .sort((a, b) => a - b)
    .slice(0, SKETCH_SIZE);
  const both = union.filter((each) => inEarlier.has(each) && inNow.has(each)).length;
  const jaccard = both / union.length;
  const shared = (jaccard * (now.rows + earlier.rows)) / (1 + jaccard);
  return Math.min(1, shared / now.rows);
}

/** FNV-1a of the UTF-16 units, its bits mixed as in MurmurHash3 so that similar ids lie apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
