import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DomainEvent } from '../../pipeline/core/events.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { openDemoApp } from '../demo/open-demo-app.ts';
import { openScreenshotBrowser } from './screenshot-browser.ts';
import { takeScreenshots } from './take-screenshots.ts';

const usage = `Takes the screenshots of the documentation from a real local run.

  npm run screenshots                        writes docs/images/*.png (about five minutes)
  npm run screenshots -- --out FOLDER        somewhere else
  npm run screenshots -- --events FILE       also keeps every domain event as JSON

The font of the page: apt-get install -y fonts-inter
`;

/** Bake window in seconds, long enough for a screenshot. */
const bakeSeconds = 5;

/** `CHROMIUM_PATH` of the environment names the browser; the set-up of this entry sets it. */
export async function main(
  root: string,
  args: readonly string[],
  environment: Environment,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string', default: 'docs/images' },
      events: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const { CHROMIUM_PATH: chromium } = environment;
  if (chromium === undefined) throw new Error('CHROMIUM_PATH must name a browser.');
  const folder = await mkdtemp(join(tmpdir(), 'mlops-bot-pictures-'));
  const events: DomainEvent[] = [];
  const app = await openDemoApp({
    root,
    folder,
    environment,
    bakeSeconds,
    onEvent: (event) => void events.push(event),
  });
  const browser = await openScreenshotBrowser({
    chromium,
    url: app.url,
    folder: resolve(root, values.out),
  });
  try {
    await takeScreenshots(app.driver, browser);
    if (values.events) await writeFile(values.events, `${JSON.stringify(events, null, 1)}\n`);
  } finally {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
}
