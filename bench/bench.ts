/** Figures of one run by key, such as `slackDoor.coldRatio`; milliseconds unless the key says else. */
export type Figures = Readonly<Record<string, number>>;

export interface Bench {
  /** What `npm run bench -- NAME` calls it. */
  readonly name: string;
  /** What is measured against what, in one line. */
  readonly title: string;
  /** Flags of Node.js for its process, e.g. `--expose-gc`. */
  readonly nodeFlags?: readonly string[];
  /** May print progress. Called once, in a process of its own that ends afterwards. */
  readonly run: () => Promise<Figures>;
}

/** The upper middle of the values; NaN without any. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
