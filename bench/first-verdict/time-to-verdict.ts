import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defineConfig } from '../../pipeline/core/config.ts';
import { type EventOf, isRunEvent, type RunEvent } from '../../pipeline/core/events.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { createLocalPipeline } from '../../pipeline/local/create-local-pipeline.ts';
import { createInbox } from '../../pipeline/local/inbox.ts';
import type { Span } from './draw-gantt.ts';
import { processorSeconds } from './processor-time.ts';

/** By when a worker has imported everything, also on a busy machine. */
const WARM_UP_MILLISECONDS = 15_000;
const TRAINING = 'training proper';

export interface Timeline {
  /** One after the other, from the end of the copy into the inbox to the verdict. */
  readonly spans: readonly Span[];
}

export function totalOf({ spans }: Timeline): number {
  return spans.reduce((sum, { wall }) => sum + wall, 0);
}

/** What is not training proper, in seconds. */
export function overheadOf({ spans }: Timeline, of: 'wall' | 'cpu' = 'wall'): number {
  return spans.reduce((sum, span) => sum + (span.name === TRAINING ? 0 : span[of]), 0);
}

const config = defineConfig({
  channel: '#bench',
  operators: 'everyone',
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.9 },
      approval: { mode: 'people', approvers: ['U0GRACE'] },
    },
  },
});

/** Copies a file into the inbox of a pipeline of its own that has been running for a while. */
export async function timeToVerdict(options: {
  readonly root: string;
  readonly python: string;
  readonly file: string;
  readonly dataFolder: string;
  /** False: without a worker that has imported what the jobs need. */
  readonly isWarm: boolean;
}): Promise<Timeline> {
  const { root, python, file, dataFolder, isWarm } = options;
  const log = ({ message, error }: { message: string; error?: unknown }) =>
    console.error(message, error ?? '');
  const local = await createLocalPipeline({
    config,
    dataFolder,
    trainingFolder: join(root, 'training'),
    python,
    environment: process.env,
    endpointPort: 0,
    clock: { now: () => new Date() },
    ...(isWarm ? {} : { jobPolicy: { warmIdleSeconds: 0 } }),
    log,
  });
  const inbox = createInbox({
    database: local.database,
    folder: join(dataFolder, 'inbox'),
    artifacts: local.artifacts,
    models: ['spam'],
    onDataset: (dropped) => startFromDataset({ ...local, config }, dropped),
    onRefused: async () => true,
    log,
  });
  await local.resume();
  await inbox.start();
  if (isWarm) {
    local.jobs.warmUp({ kind: 'train', recipe: 'distilbert' });
    await delay(WARM_UP_MILLISECONDS);
  }

  const seen: Seen[] = [];
  const decided = new Promise<void>((resolve, reject) => {
    local.bus.subscribe((event) => {
      if (!isRunEvent(event)) return;
      seen.push({ event, cpu: processorSeconds() });
      if (event.type === 'GateDecided') resolve();
      if (event.type === 'RunEnded') reject(new Error(`The run ended: ${event.failure?.message}`));
    });
  });
  copyFileSync(file, join(dataFolder, 'inbox', 'spam', basename(file)));
  const dropped = { at: Date.now(), cpu: processorSeconds() };
  await decided;
  const timeline = timelineOf(seen, dropped);

  await inbox.close();
  await local.close();
  return timeline;
}

interface Seen {
  readonly event: RunEvent;
  /** Seconds of CPU time until then. */
  readonly cpu: number;
}

/**
 * Training proper lasts as long as the job says; its CPU time is that from the first to the last
 * step. The rest of the training job is one span, although part of it comes after training.
 */
function timelineOf(seen: readonly Seen[], dropped: { at: number; cpu: number }): Timeline {
  function all<T extends RunEvent['type']>(type: T): { event: EventOf<T>; cpu: number }[] {
    return seen.filter(
      (each): each is { event: EventOf<T>; cpu: number } => each.event.type === type,
    );
  }
  function of<T extends RunEvent['type']>(type: T): { at: number; cpu: number; event: EventOf<T> } {
    const [found] = all(type);
    if (found === undefined) throw new Error(`There was no ${type}.`);
    return { ...found, at: Date.parse(found.event.at) };
  }
  const steps = all('TrainingProgressed').map(({ cpu }) => cpu);
  const firstStep = steps.at(0) ?? Number.NaN;
  const lastStep = steps.at(-1) ?? Number.NaN;
  const [started, prepared, trained] = [
    of('RunStarted'),
    of('DatasetPrepared'),
    of('TrainingCompleted'),
  ];
  const [evaluated, decided] = [of('EvaluationCompleted'), of('GateDecided')];
  const training = trained.event.metrics.seconds.train;
  const span = (
    name: string,
    from: { at: number; cpu: number },
    to: { at: number; cpu: number },
  ) => ({
    name,
    wall: (to.at - from.at) / 1000,
    cpu: to.cpu - from.cpu,
  });

  const job = span('training job', prepared, trained);
  return {
    spans: [
      span('the file lies still for 0.5 s, and is stored', dropped, started),
      span('data checked, deduplicated, split', started, prepared),
      {
        name: 'tokenizer, encoding, scores, model files',
        wall: job.wall - training,
        cpu: job.cpu - (lastStep - firstStep),
      },
      { name: TRAINING, wall: training, cpu: lastStep - firstStep },
      span('evaluation job', trained, evaluated),
      span('gate', evaluated, decided),
    ],
  };
}
