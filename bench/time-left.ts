// “About 2 minutes left” on a card, against the time that training then took: ten trainings of
// each recipe with progress, of different lengths, on this machine.
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { secondsLeft } from '../bot/features/run/progress.ts';
import { defineConfig } from '../pipeline/core/config.ts';
import { isRunEvent, type RunEvent } from '../pipeline/core/events.ts';
import type { Dataset } from '../pipeline/core/run.ts';
import { createLocalPipeline } from '../pipeline/local/create-local-pipeline.ts';
import { createInbox } from '../pipeline/local/inbox.ts';
import { makeSampleDatasets, sampleFiles } from '../pipeline/local/sample-datasets.ts';
import type { Bench, Figures } from './bench.ts';

const trainings = 10;
const root = resolve(import.meta.dirname, '..');
const python = join(root, '.venv', 'bin', 'python');

export const bench: Bench = {
  name: 'time-left',
  title: `the time left on a card, against what training then took; ${trainings} runs of each recipe`,
  run: measure,
};

const common = {
  gate: { minimum: 0.5 },
  approval: { mode: 'people' as const, approvers: ['U0GRACE'] },
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
      ...common,
    },
    tumour: {
      title: 'Tumour classifier',
      task: 'tabular-classification',
      recipe: 'tabular',
      columns: { label: 'diagnosis' },
      ...common,
    },
  },
});

/** Trainings of several lengths. */
const settings = {
  spam: (index: number) => ({ num_train_epochs: String(1 + (index % 4)), seed: String(index) }),
  tumour: (index: number) => ({
    algorithm: 'gradient_boosting',
    n_estimators: String((index + 1) * 200),
  }),
};

async function measure(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-bot-time-left-'));
  const log = ({ message, error }: { message: string; error?: unknown }) =>
    console.error(message, error ?? '');
  const local = await createLocalPipeline({
    config,
    dataFolder: folder,
    trainingFolder: join(root, 'training'),
    python,
    environment: process.env,
    endpointPort: 0,
    clock: { now: () => new Date() },
    log,
  });
  const inbox = createInbox({
    database: local.database,
    folder: join(folder, 'inbox'),
    artifacts: local.artifacts,
    models: Object.keys(config.models),
    onDataset: () => Promise.reject(new Error('Nothing is dropped here.')),
    onRefused: async () => true,
    log,
  });
  await local.resume();
  try {
    const samples = await makeSampleDatasets({ root, python, folder: join(folder, 'samples') });
    const figures: Record<string, number> = {};
    for (const [model, fileName] of [
      ['spam', sampleFiles.first],
      ['tumour', sampleFiles.tumour],
    ] as const) {
      const body = createReadStream(join(samples, fileName));
      const dataset = await inbox.receive({ model, fileName, body });
      const said: Said[] = [];
      for (let index = 0; index < trainings; index += 1) {
        const hyperparameters = settings[model](index);
        const run = await train(local, { model, dataset, hyperparameters });
        console.log(model, JSON.stringify(hyperparameters), inBrief(run));
        said.push(...run);
      }
      Object.assign(figures, figuresOf(model, said));
    }
    return figures;
  } finally {
    await inbox.close();
    await local.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a card said, and what was true, in seconds. */
interface Said {
  readonly left: number;
  readonly real: number;
}

/** One training; afterwards the run is stopped. */
async function train(
  { pipeline, bus }: Awaited<ReturnType<typeof createLocalPipeline>>,
  of: {
    readonly model: string;
    readonly dataset: Dataset;
    readonly hyperparameters: Readonly<Record<string, string>>;
  },
): Promise<readonly Said[]> {
  const seen: { readonly at: number; readonly left: number | null }[] = [];
  let runId = '';
  const looks: Promise<void>[] = [];
  const ended = new Promise<void>((done) => {
    bus.subscribe((event) => {
      if (!isRunEvent(event) || event.runId !== runId) return;
      if (event.type === 'TrainingProgressed') looks.push(look(event));
      if (event.type === 'TrainingCompleted')
        void pipeline.stopRun({ runId, by: { kind: 'system', name: 'ci' } });
      if (event.type === 'RunEnded') done();
    });
  });
  async function look({ at }: RunEvent): Promise<void> {
    const run = await pipeline.getRun(runId);
    // A later event may be in the record by now; then that one is looked at.
    if (run !== null && run.training?.progressAt === at)
      seen.push({ at: Date.parse(at) / 1000, left: secondsLeft(run) });
  }
  const { run } = await pipeline.startRun({
    kind: 'retrain',
    requestId: `${of.model} ${JSON.stringify(of.hyperparameters)}`,
    requestedBy: { kind: 'system', name: 'ci' },
    reason: null,
    ...of,
  });
  runId = run.id;
  await ended;
  await Promise.all(looks);
  const last = Math.max(...seen.map(({ at }) => at));
  return seen.flatMap(({ at, left }) =>
    left === null || left < 1 ? [] : [{ left, real: last - at }],
  );
}

/** A second more or less is no matter. */
const isRight = ({ left, real }: Said): boolean =>
  Math.abs(left - real) <= 1 || (left <= 2 * real && left >= real / 2);

function figuresOf(model: string, said: readonly Said[]): Figures {
  return {
    [`timeLeft.${model}.said`]: said.length,
    [`timeLeft.${model}.withinFactorTwo`]:
      said.length === 0 ? 1 : said.filter(isRight).length / said.length,
  };
}

function inBrief(said: readonly Said[]): string {
  const [first] = said;
  if (first === undefined) return 'nothing said';
  const right = said.filter(isRight).length;
  return `first said ${first.left.toFixed(0)} s for ${first.real.toFixed(0)} s; ${right} of ${said.length} within a factor of two`;
}
