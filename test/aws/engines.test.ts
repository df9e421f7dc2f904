import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../pipeline/local/database.ts';
import { aConfig, createFlowWorld, type FlowWorld, type WorldData } from '../flow/world.ts';
import { waits } from '../histories/waits.ts';
import { useDurableRunner } from './lambda-server.ts';
import { createRunnerEngine } from './runner-engine.ts';

/** Waits that are not compared, and why. */
const excluded: Readonly<Record<string, string>> = {
  retry: 'The runner repeats a step after real seconds, not those of the test.',
};

const compared = Object.keys(waits).filter((name) => !(name in excluded));

/** Everything durable but the journals of the executions, which the engines keep in their own way. */
async function finalState(world: FlowWorld) {
  const runs = await world.runs.list({});
  return {
    runs: [...runs].sort((a, b) => a.id.localeCompare(b.id)),
    versions: await world.registry.list('spam'),
    audit: await world.audit.list({}),
    lease: await world.leases.acquire('spam', 'probe'),
    endpoint: (await world.endpoints.describe('spam'))?.configName ?? null,
    jobs: world.jobs.specs.map(({ name }) => name),
  };
}

async function play(name: string, data: Partial<WorldData>) {
  const world = createFlowWorld(aConfig(), { database: openDatabase(':memory:'), ...data });
  const wait = waits[name];
  if (wait === undefined) throw new Error(`There is no wait “${name}”.`);
  const runId = await wait.begin(world);
  await wait.end(world, runId);
  expect((await world.run(runId)).outcome).toBe(wait.outcome);
  return finalState(world);
}

describe('the local engine and the test runner of AWS', () => {
  useDurableRunner();

  it.each(compared)(
    'leave the same state after a wait for %s',
    async (name) => {
      const local = await play(name, {});
      const onAws = await play(name, { createEngine: createRunnerEngine });

      expect(onAws).toEqual(local);
    },
    60_000,
  );
});
