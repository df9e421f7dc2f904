import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { aConfig, createFlowWorld } from '../flow/world.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import {
  dump,
  type History,
  readFiles,
  readHistory,
  writeFiles,
  writeHistory,
} from './history-file.ts';
import { type Wait, waits } from './waits.ts';

const folder = import.meta.dirname;
const versions = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const names = Object.keys(waits);
const waitNamed = (name: string): Wait => {
  const wait = waits[name];
  if (wait === undefined) throw new Error(`There is no wait “${name}”.`);
  return wait;
};
const fileOf = (version: string, name: string) =>
  join(folder, version, `${name.replaceAll(' ', '-')}.json`);

/** Leaves a run in the wait, as a process that ends does. */
async function record(wait: Wait): Promise<History> {
  const database = openDatabase(':memory:');
  const root = temporaryFolder();
  const artifacts = createFolderArtifactStore({ root });
  const world = createFlowWorld(aConfig(), { database, artifacts });
  const runId = await wait.begin(world);
  const running = await Promise.all(
    world.jobs.specs.map(async (spec) => ({ spec, job: await world.jobs.describe(spec.name) })),
  );
  const described = await world.endpoints.describe('spam');
  const { deployed } = world.endpoints;
  const isChanging = described !== null && described.status !== 'InService';
  return {
    runId,
    at: world.clock.now().toISOString(),
    jobs: running.filter(({ job }) => job?.status === 'InProgress').map(({ spec }) => spec),
    endpoint: {
      live: deployed.findLast((config) => config.configName === described?.configName) ?? null,
      pending: isChanging ? (deployed.at(-1) ?? null) : null,
    },
    files: readFiles(root),
    sql: dump(database),
  };
}

/** A process of today takes up what was left. */
async function takeUp({ at, jobs, endpoint, files, sql }: History) {
  const database = openDatabase(':memory:');
  for (const statement of sql) database.exec(statement);
  const root = temporaryFolder();
  writeFiles(root, files);
  const artifacts = createFolderArtifactStore({ root });
  const world = createFlowWorld(aConfig(), { database, artifacts, start: Date.parse(at) });
  world.jobs.plan(() => 'running');
  for (const spec of jobs) await world.jobs.start(spec);
  world.jobs.plan(world.complete);
  if (endpoint.live !== null) await world.endpoints.deploy(endpoint.live);
  if (endpoint.pending !== null) {
    world.endpoints.behave('waits');
    await world.endpoints.deploy(endpoint.pending);
  }
  await world.restart();
  return world;
}

async function goesOn(history: History, wait: Wait): Promise<void> {
  const { runId } = history;
  const world = await takeUp(history);
  const before = await world.run(runId);

  await wait.end(world, runId);

  expect(before.outcome).toBeNull();
  expect((await world.run(runId)).outcome).toBe(wait.outcome);
  // Nothing is done again that was done before the change of version.
  expect(world.jobs.specs.map(({ name }) => name)).toEqual([
    ...history.jobs.map(({ name }) => name),
    ...(wait === waits.training ? [`${runId}-evaluate-1`] : []),
  ]);
}

describe.each(versions)('a run that version %s left', (version) => {
  const kept = names.filter((name) => existsSync(fileOf(version, name)));

  it.each(kept)('in the wait for %s goes on', async (name) => {
    await goesOn(readHistory(fileOf(version, name)), waitNamed(name));
  });
});

describe('a run of this version', () => {
  it.each(names)('that waits for %s goes on in another process', async (name) => {
    const history = await record(waitNamed(name));
    // UPDATE_HISTORIES=<version> keeps them for the versions to come.
    const { UPDATE_HISTORIES: version } = process.env;
    if (version !== undefined) writeHistory(fileOf(version, name), history);

    await goesOn(history, waitNamed(name));
  });
});
