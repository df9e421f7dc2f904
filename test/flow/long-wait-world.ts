import type { Pace } from '../../pipeline/flow/flow-deps.ts';
import { resumeRun } from '../../pipeline/flow/resume-run.ts';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import { aConfig, createFlowWorld, type FlowWorld } from './world.ts';

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The pace of the local pipeline, whose polls are the most frequent. */
export const pace = { jobPoll: 60, endpointPoll: 15, leasePoll: 15, watchCheck: 15 };

type ModelOverrides = Parameters<typeof aConfig>[0];

export function longWorld(overrides: ModelOverrides = {}, paceHere: Partial<Pace> = {}) {
  const database = openDatabase(':memory:');
  const data = { database, pace: { ...pace, ...paceHere } };
  return { database, world: createFlowWorld(aConfig(overrides), data) };
}

/** A small execution, so that few wake-ups fill it, and no bake window that would fill another. */
export const smallWorld = (overrides: ModelOverrides = {}) =>
  longWorld({ watch: { minutes: 0 }, ...overrides }, { mostOperations: 100 });

/** Operations by execution, in order of start. */
export function operationsIn(database: Database): Readonly<Record<string, number>> {
  const rows = database
    .prepare(
      `SELECT name, count(*) AS count FROM durable_executions
       JOIN durable_operations ON execution_id = durable_executions.id
       GROUP BY name ORDER BY started_at`,
    )
    .all() as { name: string; count: number }[];
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

/** As many wake-ups as it takes to fill more than one execution. */
export async function resumeOften(world: FlowWorld, runId: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await resumeRun(world, runId);
    await world.settle();
  }
}
