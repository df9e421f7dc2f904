import { expect, it } from 'vitest';

/** How many attacks of one row of the table were tried and survived; the reporter prints it. */
export interface AttackCount {
  readonly row: string;
  tried: number;
  survived: number;
}

declare module 'vitest' {
  interface TaskMeta {
    attack?: AttackCount;
  }
}

/** Counts one attack: it is survived when `work` does not throw. The next one is tried all the same. */
export type Survives = (what: string, work: () => unknown) => Promise<void>;

/** A test that consists of attacks, which count in a row of the table. */
export function attack(
  row: string,
  title: string,
  work: (survives: Survives) => Promise<void>,
  { seconds = 60 }: { readonly seconds?: number } = {},
): void {
  it(title, { timeout: seconds * 1000 }, async ({ task }) => {
    const count: AttackCount = { row, tried: 0, survived: 0 };
    task.meta.attack = count;
    const failures: string[] = [];
    const fail = (what: string, error: unknown) =>
      failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);

    try {
      await work(async (what, one) => {
        count.tried += 1;
        try {
          await one();
          count.survived += 1;
        } catch (error) {
          fail(what, error);
        }
      });
    } catch (error) {
      count.tried += 1;
      fail('the whole attack', error);
    }

    expect(failures).toEqual([]);
    expect(count.tried).toBeGreaterThan(0);
  });
}
