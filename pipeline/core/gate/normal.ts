/** Quantile of the standard normal distribution: Wichura (1988), algorithm AS 241 (PPND7). */
export function normalQuantile(probability: number): number {
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    const above = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    const below = ((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1;
    return (q * above) / below;
  }
  const tail = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability));
  return q < 0 ? -upperTail(tail) : upperTail(tail);
}

function upperTail(tail: number): number {
  if (tail <= 5) {
    const r = tail - 1.6;
    const above = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777;
    return above / ((0.12021132975 * r + 0.7370016425) * r + 1);
  }
  const r = tail - 5;
  const above = ((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115;
  return above / ((0.012258202635 * r + 0.24197894225) * r + 1);
}

/** The standard normal quantile that a share of `alpha` lies above. */
export function criticalValue(alpha: number): number {
  return -normalQuantile(alpha);
}

/** Standard normal distribution function; absolute error below 1e-7 (Abramowitz & Stegun 26.2.17). */
export function normalShareBelow(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return x < 0 ? above : 1 - above;
}
