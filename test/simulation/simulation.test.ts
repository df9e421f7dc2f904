import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWorker } from './cli/build.ts';
import { compareEngines } from './cli/compare-engines.ts';
import { shrink } from './cli/shrink.ts';
import { simulate } from './cli/simulate.ts';
import { startWorkers, type Workers } from './cli/workers.ts';
import { createChoices } from './engine/choices.ts';
import { invariants } from './invariants/violation.ts';
import { mutants } from './mutants/mutants.ts';

let workers: Workers;
beforeAll(async () => {
  workers = startWorkers(await buildWorker(null), 2);
});
afterAll(() => workers.close());

/** So many in every test run; `npm run simulate` plays more. */
const RUNS = 1200;
/** Played over both engines; `npm run simulate -- --engines` plays more. */
const COMPARED_RUNS = 40;
/** On one core that other tests use too. */
const MOST_MILLISECONDS = 20 * 60_000;

describe('simulated worlds', () => {
  it(
    `keep every invariant in ${RUNS} runs, and repeat exactly`,
    async () => {
      const { runs, failures } = await simulate(workers, { seed: 1, runs: RUNS });

      const told = failures.map(({ seed, violations, isRepeatable }) => ({
        seed,
        violations,
        isRepeatable,
      }));
      expect(told).toEqual([]);
      expect(runs).toBe(RUNS);
    },
    MOST_MILLISECONDS,
  );

  it(
    `end in the same durable state over the test runner of AWS, in ${COMPARED_RUNS} runs`,
    async () => {
      const { runs, differences } = await compareEngines(workers, {
        seed: 1,
        runs: COMPARED_RUNS,
      });

      expect(differences).toEqual([]);
      expect(runs).toBeGreaterThanOrEqual(COMPARED_RUNS);
    },
    MOST_MILLISECONDS,
  );

  it('leaves out the disturbances it is asked to', async () => {
    const [first = ''] = (await workers.play({ seed: 4, mostRuns: 8 })).disturbances;

    const answer = await workers.play({ seed: 4, mostRuns: 8, without: [first] });

    expect(answer.disturbances).not.toContain(first);
  });
});

describe('choices', () => {
  it('do not depend on what else was drawn', () => {
    const [one, other] = [createChoices(7), createChoices(7)];
    other.fraction('something else');

    expect(other.fraction('this')).toBe(one.fraction('this'));
    expect(one.fraction('this')).not.toBe(createChoices(8).fraction('this'));
  });
});

describe('shrinking', () => {
  const all = Array.from({ length: 40 }, (_, i) => `fault#${i}`);
  const needed = ['fault#7', 'fault#31'];

  /** A world that fails as long as both disturbances happen that it needs for that. */
  const answer = (without: readonly string[]) => {
    const disturbances = all.filter((id) => !without.includes(id));
    const fails = needed.every((id) => disturbances.includes(id));
    const violations = fails ? [{ invariant: 'jobs' as const, message: 'broken' }] : [];
    return {
      seed: 1,
      runs: 1,
      trace: [],
      outcomes: [],
      state: [],
      isRepeatable: true,
      disturbances,
      violations,
    };
  };

  function countingWorkers(count: number) {
    const played = { worlds: 0 };
    const play: Workers['play'] = async ({ without = [] }) => {
      played.worlds += 1;
      return answer(without);
    };
    return { workers: { play, count }, played };
  }

  it.each([1, 2, 8])('keeps only what the failure needs, with %i workers', async (count) => {
    const { workers } = countingWorkers(count);

    const { smallest } = await shrink(workers, answer([]), { mostRuns: 8 });

    expect(smallest.disturbances).toEqual(needed);
  });

  it('stops after so many worlds with what it has', async () => {
    const { workers, played } = countingWorkers(2);

    const { smallest } = await shrink(workers, answer([]), { mostRuns: 8, mostPlays: 6 });

    expect(played.worlds).toBeLessThanOrEqual(7);
    expect(smallest.disturbances.length).toBeLessThan(40);
    expect(smallest.violations).not.toEqual([]);
  });
});

describe('mutants', () => {
  it.each(Object.keys(invariants))('one breaks “%s” and is caught by nothing else', (invariant) => {
    const alone = mutants.filter(({ breaks }) => breaks.length === 1);

    expect(alone.map(({ breaks: [only] }) => only)).toContain(invariant);
  });

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    '%s: its text is there once',
    (_, { also, ...edit }) => {
      for (const { file, find } of also === undefined ? [edit] : [edit, also]) {
        expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
      }
    },
  );
});
