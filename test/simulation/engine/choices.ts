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
  /** By label: how often it was drawn, and the hash of what comes before that number. */
  const drawn = new Map<string, { count: number; readonly start: number }>();
  const disturbances: string[] = [];

  function fraction(label: string): number {
    const known = drawn.get(label);
    const draw = known ?? { count: 0, start: hash(START, `${seed}/${label}#`) };
    if (known === undefined) drawn.set(label, draw);
    return finish(hash(draw.start, String(draw.count++))) / 2 ** 32;
  }

  /** The label and how often it was drawn before, such as `crash after runs.replace#3`. */
  const idOfLast = (label: string) => `${label}#${(drawn.get(label)?.count ?? 0) - 1}`;

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
      if (fraction(label) >= probability) return false;
      const id = idOfLast(label);
      if (without.has(id)) return false;
      disturbances.push(id);
      return true;
    },
    disturbances,
  };
}

const START = 0x811c9dc5;

/** FNV-1a over the text, going on from the hash of what comes before it. */
function hash(before: number, text: string): number {
  let h = before;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}

/** The 32-bit finalizer of MurmurHash3, so that near texts lie far apart. */
function finish(hashed: number): number {
  let h = hashed;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
