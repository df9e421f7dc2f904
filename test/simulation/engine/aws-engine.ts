import { LocalDurableTestRunner } from '@aws/durable-execution-sdk-js-testing';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { onExecutionLost } from '../../../pipeline/flow/execution-lost.ts';
import type { FlowDeps } from '../../../pipeline/flow/flow-deps.ts';
import { createRunFlow, type RunInput } from '../../../pipeline/flow/run-flow.ts';
import type { Database } from '../../../pipeline/local/database.ts';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';
import { createRunnerEngine } from '../../aws/runner-engine.ts';
import type { SimulatedEngine } from './process.ts';

let isStarted: Promise<void> | null = null;

/** To call before a world begins. */
export function startRunner(): Promise<void> {
  isStarted ??= LocalDurableTestRunner.setupTestEnvironment();
  return isStarted;
}

/** The runner has timers of its own for callbacks; in a world they are those of virtual time. */
const unused: Scheduler = { setTimeout: () => null, clearTimeout: () => {} };

/**
 * AWS's own test runner of durable functions, whose checkpoint server the build of the worker puts
 * into the same thread. `deps`: of the present process.
 */
export function createAwsEngine(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly deps: () => FlowDeps;
}): SimulatedEngine {
  const { database, clock, deps } = options;
  const engine = createRunnerEngine({
    database,
    clock,
    scheduler: unused,
    handler: (input: RunInput, context) => createRunFlow(deps())(input, context),
    onFailure: ({ name }) => onExecutionLost(deps(), name),
  });
  return { ...engine, resume: async () => {} };
}
