import { duration } from '../../bot/blocks/format.ts';

/** A step of the smoke test that did not come out; says where to look. */
export class SmokeFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SmokeFailure';
  }
}

/** The person at the terminal ended it. */
export class SmokeInterrupted extends Error {
  constructor() {
    super('Interrupted.');
    this.name = 'SmokeInterrupted';
  }
}

export type StepState = 'passed' | 'skipped' | 'failed' | 'interrupted';

export interface StepResult {
  readonly title: string;
  readonly state: StepState;
  readonly seconds: number;
}

/** What a step found, as the end of its line; `skipped` when it could not be played. */
export interface StepOutcome<T> {
  readonly value: T;
  readonly found?: string;
  readonly skipped?: true;
}

const marks: Readonly<Record<StepState, string>> = {
  passed: '✓',
  skipped: '–',
  failed: '✗',
  interrupted: '✗',
};

/** Plays steps one after the other and prints each with its time. */
export function createSteps({
  now,
  say,
}: {
  readonly now: () => Date;
  readonly say: (line: string) => void;
}) {
  const results: StepResult[] = [];

  function end(title: string, state: StepState, since: Date, found: string): void {
    const seconds = (now().getTime() - since.getTime()) / 1000;
    results.push({ title, state, seconds });
    const text = found === '' ? '' : `: ${found}`;
    say(`${marks[state]} ${duration(seconds).padStart(11)}  ${title}${text}`);
  }

  return {
    results: results as readonly StepResult[],
    /** `lookAt`: where the cause of a failure can be found. Rethrows what the step threw. */
    async play<T>(
      { title, lookAt }: { readonly title: string; readonly lookAt: string },
      work: () => Promise<StepOutcome<T>>,
    ): Promise<T> {
      const since = now();
      try {
        const { value, found = '', skipped } = await work();
        end(title, skipped === true ? 'skipped' : 'passed', since, found);
        return value;
      } catch (error) {
        const isInterrupted = error instanceof SmokeInterrupted;
        const said = error instanceof Error ? error.message : String(error);
        end(title, isInterrupted ? 'interrupted' : 'failed', since, isInterrupted ? '' : said);
        if (!isInterrupted) say(`               Look at: ${lookAt}`);
        throw error;
      }
    },
    /** Notes how long something took that went on within a step. */
    note(line: string, seconds: number): void {
      say(`  ${duration(seconds).padStart(11)}  ${line}`);
    },
  };
}

export type Steps = ReturnType<typeof createSteps>;
