import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DomainEvent } from '../../pipeline/core/events.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { openDemoApp } from '../demo/open-demo-app.ts';
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
  const app = await openDemoApp({
    root,
    folder,
    environment,
    bakeSeconds,
    onEvent: (event) => void events.push(event),
  });
  const camera = await openCamera({ chromium, url: app.url, folder: resolve(root, values.out) });
  try {
    await playScenes(app.driver, camera);
    if (values.events) await writeFile(values.events, `${JSON.stringify(events, null, 1)}\n`);
  } finally {
    await camera.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}
