// What share of a run's wall time is neither Python at work nor people nor waiting: two whole runs
// of the text recipe, deployed and watched for as long as in the demo.
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineConfig } from '../pipeline/core/config.ts';
import { keys } from '../pipeline/core/names.ts';
import { createLocalPipeline } from '../pipeline/local/create-local-pipeline.ts';
import { makeSampleDatasets, sampleFiles } from '../pipeline/local/sample-datasets.ts';
import { reportRun } from '../scripts/demo/run-report.ts';
import type { Bench, Figures } from './bench.ts';

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
  const sum = { wall: 0, python: 0, waiting: 0, orchestration: 0 };
  for (const [index, file] of [sampleFiles.first, sampleFiles.more].entries()) {
    const version = String(index).padStart(12, '0');
    const key = keys.dataset('spam', version, file);
    await local.artifacts.put(key, await readFile(join(samples, file)));
    const ended = new Promise<void>((resolveRun) => {
      local.bus.subscribe((event) => {
        if (event.type === 'RunEnded') resolveRun();
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
    if (done?.outcome == null) throw new Error('The run has no outcome.');
    const { outcome, seconds } = reportRun(done);
    console.log(
      `  ${file}: ${outcome}, ${seconds.wall.toFixed(1)} s, of them Python ${seconds.python.toFixed(1)}, ` +
        `waiting ${seconds.waiting.toFixed(1)}, the rest ${seconds.orchestration.toFixed(2)}`,
    );
    for (const name of ['wall', 'python', 'waiting', 'orchestration'] as const) {
      sum[name] += seconds[name];
    }
  }
  await local.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    'orchestration.share': sum.orchestration / sum.wall,
    'orchestration.seconds': sum.orchestration,
    'orchestration.wallSeconds': sum.wall,
  };
}
