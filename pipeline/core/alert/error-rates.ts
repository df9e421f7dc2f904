/** Requests and how many of them failed with a server error. */
export interface Errors {
  readonly requests: number;
  readonly errors: number;
}

/** The probability of at least so many errors if each request fails with the given probability. */
export function binomialAtLeast({ requests, errors }: Errors, probability: number): number {
  if (errors <= requests * probability) return 1;
  if (probability <= 0) return 0;
  const odds = Math.log(probability) - Math.log1p(-probability);
  const start = logChoose(requests, errors) + requests * Math.log1p(-probability) + errors * odds;
  return sumOfTail(start, errors, requests, (k) => ((requests - k) / (k + 1)) * Math.exp(odds));
}

/**
 * The probability of at least so many of all errors among the requests of `now`, if errors fell on
 * requests by chance: Fisher's exact test, one-sided.
 */
export function fisherAtLeast(now: Errors, before: Errors): number {
  const requests = now.requests + before.requests;
  const errors = now.errors + before.errors;
  if (now.errors * requests <= errors * now.requests) return 1;
  const rest = before.requests;
  const most = Math.min(errors, now.requests);
  const start =
    logChoose(now.requests, now.errors) +
    logChoose(rest, errors - now.errors) -
    logChoose(requests, errors);
  return sumOfTail(
    start,
    now.errors,
    most,
    (k) => (((now.requests - k) / (k + 1)) * (errors - k)) / (rest - errors + k + 1),
  );
}

/** Adds up probabilities from `first` to `last`, which fall, each the one before times `ratio`. */
function sumOfTail(
  logOfFirst: number,
  first: number,
  last: number,
  ratio: (k: number) => number,
): number {
  let term = Math.exp(logOfFirst);
  let sum = term;
  for (let k = first; k < last && term > sum * Number.EPSILON; k++) {
    term *= ratio(k);
    sum += term;
  }
  return Math.min(1, sum);
}

export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Exact below ten, Stirling's series above: its error is below 1e-10 there. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
