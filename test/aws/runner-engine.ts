import { type DurableExecutionClient, withDurableExecution } from '@aws/durable-execution-sdk-js';
import { systemScheduler } from '../../pipeline/local/durable/alarm.ts';
import type {
  DurableEngine,
  DurableEngineOptions,
} from '../../pipeline/local/durable/durable-engine.ts';
import { type DurableExecution, startDurableExecution } from './lambda-server/durable-execution.ts';

export type RunnerEngine = Pick<DurableEngine, 'start' | 'isRunning' | 'succeedCallback' | 'idle'>;

/**
 * The durable engine of a world over AWS's own test runner. Not reproduced: a restart, retention, and
 * retries of a step in the time of the test, for which the runner has real timers.
 */
export function createRunnerEngine({
  handler,
  scheduler = systemScheduler,
  onFailure,
}: DurableEngineOptions): RunnerEngine {
  const byName = new Map<string, DurableExecution>();
  const watchers = new Set<() => void>();
  const troubles: unknown[] = [];
  const executionOf = (arn: string): DurableExecution => {
    const found = byName.get(arn.split('/')[2] ?? '');
    if (found === undefined) throw new Error(`There is no execution ${arn}.`);
    return found;
  };
  const client: DurableExecutionClient = {
    getExecutionState: async ({ DurableExecutionArn = '', Marker }) =>
      executionOf(DurableExecutionArn).state(Number(Marker)),
    checkpoint: (request) => executionOf(request.DurableExecutionArn ?? '').checkpoint(request),
  };
  const lambda = withDurableExecution(handler, { durableExecutionClient: client });
  const changed = () => {
    for (const watcher of watchers) watcher();
  };
  const isIdle = () => [...byName.values()].every((execution) => execution.isParked());

  return {
    async start({ name, input }) {
      if (byName.has(name)) return;
      const arn = `arn:aws:lambda:us-east-1:123456789012:function:pipeline:1/durable-execution/${name}/1`;
      const execution = startDurableExecution({
        arn,
        payload: input,
        handler: lambda,
        scheduler,
        onChange: changed,
        onEnd: (status) => {
          if (status === 'FAILED') void onFailure?.({ name, input: input as never, error: {} });
        },
        onTrouble: (error) => void troubles.push(error),
      });
      byName.set(name, execution);
    },
    async isRunning(name) {
      const execution = byName.get(name);
      return execution === undefined ? null : execution.status() === 'RUNNING';
    },
    async succeedCallback(callbackId, payload) {
      const execution = [...byName.values()].find((each) => each.has(callbackId));
      if (execution === undefined) return { accepted: false };
      await execution.succeed(callbackId, payload);
      return { accepted: true };
    },
    async idle() {
      await new Promise<void>((resolve) => {
        const watcher = () => {
          if (!isIdle()) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      });
      if (troubles.length > 0) throw troubles[0];
    },
  };
}
