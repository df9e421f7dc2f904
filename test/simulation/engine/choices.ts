/** Why something went the way it did: one draw of a world, in the order of drawing. */
export interface Draw {
  /** The label and how often it was drawn before, such as `crash after runs.replace#3`. */
  readonly id: string;
  readonly value: number;
}

/**
 * Every random choice of a simulated world. A draw depends on the seed, its label and how often that
 * label was drawn before, and on nothing else: leaving one fault out moves no other draw, which is
 * what lets a failing history be replayed, shrunk, and played over another engine.
 */
export interface Choices {
  readonly seed: number;
  /** A number from 0 to 1, 1 excluded. */
  fraction(label: string): number;
  /** True with this probability. */
  chance(label: string, probability: number): boolean;
  /** From `least` to `most`, both included. */
  integer(label: string, least: number, most: number): number;
  pick<T>(label: string, options: readonly [T, ...T[]]): T;
  /**
   * Whether a disturbance happens; it is kept in `disturbances`, and does not happen when `without`
   * names it.
   */
  disturbs(label: string, probability: number): boolean;
  /** Ids of the disturbances that happened, in order. */
  readonly disturbances: readonly string[];
}

export function createChoices(
  seed: number,
  { without = new Set() }: { readonly without?: ReadonlySet<string> } = {},
): Choices {
  const counts = new Map<string, number>();
  const disturbances: string[] = [];

  function next(label: string): Draw {
    const count = counts.get(label) ?? 0;
    counts.set(label, count + 1);
    const id = `${label}#${count}`;
    return { id, value: hash(`${seed}/${id}`) / 2 ** 32 };
  }

  const fraction = (label: string) => next(label).value;

  return {
    seed,
    fraction,
    chance: (label, probability) => fraction(label) < probability,
    integer: (label, least, most) => least + Math.floor(fraction(label) * (most - least + 1)),
    pick(label, options) {
      const [first] = options;
      return options[Math.floor(fraction(label) * options.length)] ?? first;
    },
    disturbs(label, probability) {
      if (probability <= 0) return false;
      const { id, value } = next(label);
      if (value >= probability || without.has(id)) return false;
      disturbances.push(id);
      return true;
    },
    disturbances,
  };
}

/** FNV-1a over the text, then the 32-bit finalizer of MurmurHash3 so that near texts lie far apart. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
