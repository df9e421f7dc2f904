import { cpSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalApp } from '../../bot/local/create-local-app.ts';
import { makeSampleDatasets, sampleFiles } from '../../bot/local/sample-datasets.ts';
import { createWorkspaceClient } from '../../bot/local/workspace/workspace-client.ts';
import config from '../../mlops.config.ts';
import type { DomainEvent } from '../../pipeline/core/events.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { createStage } from '../demo/stage.ts';
import { openCamera } from './camera.ts';
import { playScenes } from './scenes.ts';

const usage = `Takes the pictures of the documentation from a real local run: real training, real page.

  node scripts/screenshots.mjs                     writes docs/images/*.png (about five minutes)
  node scripts/screenshots.mjs --out FOLDER        somewhere else
  node scripts/screenshots.mjs --events FILE       also keeps every domain event as JSON

The fonts of the page: apt-get install -y fonts-inter fonts-noto-color-emoji
`;

/** Long enough to be photographed, in seconds. */
const bakeSeconds = 5;

export async function main(options: {
  readonly root: string;
  readonly args: readonly string[];
  readonly environment: Environment;
  readonly chromium: string;
}): Promise<void> {
  const { root, args, environment, chromium } = options;
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string', default: 'docs/images' },
      events: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const folder = await mkdtemp(join(tmpdir(), 'mlops-bot-pictures-'));
  const events: DomainEvent[] = [];
  const python = join(root, '.venv', 'bin', 'python');
  const samples = await makeSampleDatasets({ root, python, folder: join(folder, 'samples') });
  const inbox = join(folder, 'data', 'inbox', 'spam');
  mkdirSync(inbox, { recursive: true });
  cpSync(join(samples, sampleFiles.first), join(inbox, sampleFiles.first));
  const app = await createLocalApp({
    config,
    root,
    dataFolder: join(folder, 'data'),
    python,
    environment,
    port: 0,
    endpointPort: 0,
    bakeSeconds,
    clock: { now: () => new Date() },
    onEvent: (event) => void events.push(event),
    log: ({ about, message, error }) => console.error('   !', about ?? '', message, error ?? ''),
  });
  const client = createWorkspaceClient({ url: app.url });
  const camera = await openCamera({ chromium, url: app.url, folder: resolve(root, values.out) });
  try {
    const stage = createStage({ client, channel: 'C0MLOPS', samples });
    await playScenes(stage, camera);
    if (values.events) await writeFile(values.events, `${JSON.stringify(events, null, 1)}\n`);
  } finally {
    await camera.close();
    client.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}
