// Plays worlds on request of the command line; one process each, as a world replaces its clock.
import { startRunner } from '../engine/aws-engine.ts';
import { ProcessKilled } from '../engine/life.ts';
import { runWorld } from '../world.ts';
import type { WorldOptions, WorldResult } from '../world-types.ts';

export interface WorkerRequest extends Omit<WorldOptions, 'without'> {
  readonly without?: readonly string[];
  /** Plays it twice and says whether both traces are the same. */
  readonly twice?: boolean;
}

export interface WorkerAnswer extends WorldResult {
  readonly isRepeatable: boolean;
}

const uncaught: string[] = [];
process.on('unhandledRejection', (error) => {
  if (!isOfTheDead(error)) uncaught.push(error instanceof Error ? String(error.stack) : `${error}`);
});

/** Whether a killed process threw it: there it had nobody left to catch it. */
function isOfTheDead(error: unknown): boolean {
  return (
    error instanceof ProcessKilled || (error instanceof Error && isOfTheDead(error.cause ?? null))
  );
}

async function play({ without = [], ...options }: WorkerRequest): Promise<WorldResult> {
  if (options.engine === 'aws') await startRunner();
  const result = await runWorld({ ...options, without: new Set(without) });
  // What nobody caught is reported a turn later.
  await new Promise((resolve) => setImmediate(resolve));
  const thrown = uncaught
    .splice(0)
    .map((message) => ({ invariant: 'caught' as const, message: message.slice(0, 500) }));
  return { ...result, violations: [...result.violations, ...thrown] };
}

process.on('disconnect', () => process.exit());
process.on('message', async (request: WorkerRequest) => {
  try {
    const first = await play(request);
    const second = request.twice === true ? await play(request) : first;
    const isRepeatable = first.trace.join('\n') === second.trace.join('\n');
    process.send?.({ ...first, isRepeatable } satisfies WorkerAnswer);
  } catch (error) {
    console.error(`Seed ${request.seed}:`, error);
    process.exit(1);
  }
});
