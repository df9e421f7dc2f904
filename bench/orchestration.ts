// What share of a run's wall time is neither Python at work nor people nor waiting: two whole runs
// of the text recipe, deployed and watched for as long as in the demo.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '../pipeline/core/config.ts';
import type { DomainEvent } from '../pipeline/core/events.ts';
import { keys } from '../pipeline/core/names.ts';
import { createLocalPipeline } from '../pipeline/local/create-local-pipeline.ts';
import { makeSampleDatasets, sampleFiles } from '../pipeline/local/sample-datasets.ts';
import type { Bench, Figures } from './bench.ts';
import { ownSeconds } from './orchestration/own-seconds.ts';

/** As in `npm run demo`. */
const bakeSeconds = 3;
const root = resolve(import.meta.dirname, '..');
const python = join(root, '.venv', 'bin', 'python');

export const bench: Bench = {
  name: 'orchestration',
  title: 'share of the wall time of whole runs that is neither Python, nor people, nor waiting',
  run: measure,
};

const config = defineConfig({
  channel: '#bench',
  operators: 'everyone',
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.9, nonInferiorityMargin: 0.02 },
      approval: { mode: 'auto' },
      watch: { minutes: bakeSeconds / 60 },
    },
  },
});

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-orchestration-'));
  const samples = await makeSampleDatasets({ root, python, folder: join(folder, 'samples') });
  const local = await createLocalPipeline({
    config,
    dataFolder: join(folder, 'data'),
    trainingFolder: join(root, 'training'),
    python,
    environment: process.env,
    endpointPort: 0,
    clock: { now: () => new Date() },
    log: ({ message, error }) => console.error(message, error ?? ''),
  });
  await local.resume();
  const runs: { readonly own: ReadonlyMap<string, number>; readonly wall: number }[] = [];
  for (const [index, file] of [sampleFiles.first, sampleFiles.more].entries()) {
    const version = String(index).padStart(12, '0');
    const key = keys.dataset('spam', version, file);
    await local.artifacts.put(key, await readFile(join(samples, file)));
    const events: DomainEvent[] = [];
    const ended = new Promise<void>((resolveRun) => {
      const leave = local.bus.subscribe((event) => {
        events.push(event);
        if (event.type !== 'RunEnded') return;
        leave();
        resolveRun();
      });
    });
    const { run } = await local.pipeline.startRun({
      kind: 'retrain',
      requestId: `bench ${index}`,
      model: 'spam',
      requestedBy: { kind: 'system', name: 'cli' },
      reason: null,
      dataset: { key, fileName: file, version, bytes: 1 },
      hyperparameters: {},
    });
    await ended;
    const done = await local.pipeline.getRun(run.id);
    if (done?.endedAt == null) throw new Error('The run has not ended.');
    const wall = (Date.parse(done.endedAt) - Date.parse(done.createdAt)) / 1000;
    const own = ownSeconds(events, { bakeSeconds });
    runs.push({ own, wall });
    console.log(`  ${file}: ${wall.toFixed(1)} s, of them ours ${total(own).toFixed(2)}`);
    for (const [part, seconds] of own) console.log(`    ${seconds.toFixed(3).padStart(6)} ${part}`);
  }
  await local.close();
  rmSync(folder, { recursive: true, force: true });
  const wall = runs.reduce((sum, run) => sum + run.wall, 0);
  const ours = runs.reduce((sum, run) => sum + total(run.own), 0);
  return {
    'orchestration.share': ours / wall,
    'orchestration.seconds': ours,
    'orchestration.wallSeconds': wall,
  };
}

function total(parts: ReadonlyMap<string, number>): number {
  return [...parts.values()].reduce((sum, seconds) => sum + seconds, 0);
}
