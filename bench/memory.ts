// Does the Node process stay flat over many runs? Plays 50 whole runs of a dummy recipe through the
// local pipeline (real durable engine, SQLite, subprocesses) and reads the heap after each ten.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '../pipeline/core/config.ts';
import { keys } from '../pipeline/core/names.ts';
import { createLocalPipeline } from '../pipeline/local/create-local-pipeline.ts';
import type { Bench, Figures } from './bench.ts';

const runs = 50;
const root = resolve(import.meta.dirname, '..');

export const bench: Bench = {
  name: 'memory',
  title: `heap after each ten of ${runs} whole runs; it must stay flat`,
  nodeFlags: ['--expose-gc'],
  run: measure,
};

const config = defineConfig({
  channel: '#bench',
  operators: 'everyone',
  models: {
    dummy: {
      title: 'Dummy',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'label' },
      // The clouds are so far apart that any candidate passes.
      gate: { minimum: 0, nonInferiorityMargin: 0.9, tolerance: 0.9, maxRecallDrop: 1 },
      approval: { mode: 'auto' },
      watch: { minutes: 0 },
    },
  },
});

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-memory-'));
  const local = await createLocalPipeline({
    config,
    dataFolder: folder,
    trainingFolder: join(root, 'training'),
    python: join(root, '.venv', 'bin', 'python'),
    environment: process.env,
    endpointPort: 0,
    clock: { now: () => new Date() },
    log: ({ message, error }) => console.error(message, error ?? ''),
  });
  await local.resume();

  const ended = new Map<string, () => void>();
  local.bus.subscribe((event) => {
    if (event.type === 'RunEnded') ended.get(event.runId)?.();
  });

  const heaps: number[] = [];
  const outcomes = new Map<string, number>();
  for (let i = 1; i <= runs; i++) {
    const key = keys.dataset('dummy', String(i).padStart(12, '0'), 'dummy.csv');
    await local.artifacts.put(key, csv(i));
    const { run } = await local.pipeline.startRun({
      kind: 'retrain',
      requestId: `bench ${i}`,
      model: 'dummy',
      requestedBy: { kind: 'system', name: 'cli' },
      reason: null,
      dataset: { key, fileName: 'dummy.csv', version: String(i).padStart(12, '0'), bytes: 1 },
      hyperparameters: {},
    });
    await new Promise<void>((resolveRun) => ended.set(run.id, resolveRun));
    ended.clear();
    const outcome = (await local.pipeline.getRun(run.id))?.outcome ?? 'none';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (i % 10 !== 0) continue;
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed / 1024 ** 2);
    console.log(`after ${i} runs: heap ${heaps.at(-1)?.toFixed(1)} MB`);
  }
  console.log([...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', '));
  await local.close();
  rmSync(folder, { recursive: true, force: true });
  const [first = Number.NaN] = heaps;
  const last = heaps.at(-1) ?? Number.NaN;
  return { 'memory.firstMB': first, 'memory.lastMB': last, 'memory.ratio': last / first };
}

/** Two well separated clouds; every run gets another file, so that nothing is a repetition. */
function csv(seed: number): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    const label = i % 2 === 0 ? 'a' : 'b';
    const centre = label === 'a' ? 0 : 5;
    const noise = (salt: number) => (((i + 1) * salt * 7919 + seed * 104_729) % 1000) / 1000;
    return `${label},${centre + noise(3)},${centre + noise(5)},${noise(11)}`;
  });
  return ['label,x,y,z', ...rows].join('\n');
}
