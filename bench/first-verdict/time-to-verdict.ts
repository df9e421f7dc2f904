import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defineConfig } from '../../pipeline/core/config.ts';
import { type EventOf, isRunEvent, type RunEvent } from '../../pipeline/core/events.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { createLocalPipeline } from '../../pipeline/local/create-local-pipeline.ts';
import { createInbox } from '../../pipeline/local/inbox.ts';
import type { Segments } from './draw-segments.ts';

/** By when a worker has imported everything, also on a busy machine. */
const WARM_UP_MILLISECONDS = 15_000;
const TRAINING = 'training proper';

export interface Timeline {
  /** Seconds from the end of the copy into the inbox to the verdict. */
  readonly total: number;
  readonly segments: Segments;
}

/** What is not training proper, in seconds. */
export function overheadOf({ total, segments }: Timeline): number {
  return total - (segments[TRAINING] ?? 0);
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
    onDataset: (dropped) => startFromDataset(local.pipeline, dropped),
    onRefused: async () => true,
    log,
  });
  await local.resume();
  await inbox.start();
  if (isWarm) {
    local.jobs.warmUp({ kind: 'train', recipe: 'distilbert' });
    await delay(WARM_UP_MILLISECONDS);
  }

  const events: RunEvent[] = [];
  const decided = new Promise<void>((resolve, reject) => {
    local.bus.subscribe((event) => {
      if (!isRunEvent(event)) return;
      events.push(event);
      if (event.type === 'GateDecided') resolve();
      if (event.type === 'RunEnded') reject(new Error(`The run ended: ${event.failure?.message}`));
    });
  });
  copyFileSync(file, join(dataFolder, 'inbox', 'spam', basename(file)));
  const droppedAt = Date.now();
  await decided;
  const timeline = timelineOf(events, droppedAt);

  await inbox.close();
  await local.close();
  return timeline;
}

function timelineOf(events: readonly RunEvent[], droppedAt: number): Timeline {
  function of<T extends RunEvent['type']>(type: T): EventOf<T> {
    const found = events.find((event): event is EventOf<T> => event.type === type);
    if (found === undefined) throw new Error(`There was no ${type}.`);
    return found;
  }
  const since = (at: string, from: number) => (Date.parse(at) - from) / 1000;
  const started = of('RunStarted').at;
  const prepared = of('DatasetPrepared').at;
  const training = of('TrainingCompleted');
  const evaluation = of('EvaluationCompleted');
  const total = since(of('GateDecided').at, droppedAt);

  const parts = {
    'the file lies still for 0.5 s, and is stored': since(started, droppedAt),
    'data checked, deduplicated, split': since(prepared, Date.parse(started)),
    'training job: imports, tokenizer, encoding, scores, model files':
      training.runningSeconds - training.metrics.seconds.train,
    [TRAINING]: training.metrics.seconds.train,
    'evaluation job': evaluation.runningSeconds,
  };
  const measured = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
  return { total, segments: { ...parts, 'staging, packing, records, gate': total - measured } };
}
