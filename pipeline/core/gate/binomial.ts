/** A uniform number in [0, 1). */
export type Uniform = () => number;

/** From here on rejection is faster than counting up. */
const MOST_COUNTED_UP = 10;

/** How many of `trials` succeed with `probability` each. */
export function drawBinomial(trials: number, probability: number, uniform: Uniform): number {
  if (trials <= 0 || probability <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - drawBinomial(trials, 1 - probability, uniform);
  return trials * probability < MOST_COUNTED_UP
    ? countUp(trials, probability, uniform)
    : reject(trials, probability, uniform);
}

/** Inversion of the distribution function, for few expected successes. */
function countUp(trials: number, probability: number, uniform: Uniform): number {
  const odds = probability / (1 - probability);
  let term = Math.exp(trials * Math.log1p(-probability));
  let rest = uniform() - term;
  let count = 0;
  while (rest >= 0 && count < trials) {
    count += 1;
    term *= (odds * (trials - count + 1)) / count;
    rest -= term;
  }
  return count;
}

/**
 * Transformed rejection with squeeze: algorithm BTRS of Hörmann (1993), "The generation of binomial
 * random variates", Journal of Statistical Computation and Simulation 46:101–110.
 */
function reject(trials: number, p: number, uniform: Uniform): number {
  const spread = Math.sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = trials * p + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const odds = p / (1 - p);
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * p);
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= squeeze) return count;
    if (count < 0 || count > trials) continue;
    const height = Math.log((v * alpha) / (a / (distance * distance) + b));
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - count + 1)) +
      (count + 0.5) * Math.log((odds * (trials - count + 1)) / (count + 1)) +
      stirlingTail(mode) +
      stirlingTail(trials - mode) -
      stirlingTail(count) -
      stirlingTail(trials - count);
    if (height <= bound) return count;
  }
}

/** What Stirling's formula leaves out of the logarithm of (k + 1) factorial. */
function stirlingTail(k: number): number {
  const exact = STIRLING_TAILS[k];
  if (exact !== undefined) return exact;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const STIRLING_TAILS = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.020790672103765, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273,
  0.00833056343336287,
];
