// The local app as a child process: reports its events to the parent and kills itself at `dieAt`.
import { join, resolve } from 'node:path';
import { createLocalApp } from '../../bot/local/create-local-app.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { isRunEvent, type RunEvent } from '../../pipeline/core/events.ts';
import type { AppMessage } from './app-process.ts';

const [dataFolder = '', dieAt = 'never', configFile = 'mlops.config.ts'] = process.argv.slice(2);
const root = resolve(import.meta.dirname, '..', '..');
const { default: config } = (await import(join(root, configFile))) as { default: Config };

const report = (message: AppMessage) => process.stdout.write(`${JSON.stringify(message)}\n`);
/** Seconds by which the clock jumps, one after the other, on each SIGUSR2. */
const jumps = [3600, -86_400, 86_400];
let offset = 0;
process.on('SIGUSR2', () => {
  offset += (jumps.shift() ?? 0) * 1000;
});
const app = await createLocalApp({
  config,
  root,
  dataFolder,
  python: join(root, '.venv', 'bin', 'python'),
  environment: process.env,
  port: 0,
  endpointPort: 0,
  bakeSeconds: 1,
  clock: { now: () => new Date(Date.now() + offset) },
  log: ({ about, message, error }) => console.error(about ?? '', message, error ?? ''),
  onEvent: (event) => {
    if (isRunEvent(event)) report({ kind: 'event', event });
    if (isRunEvent(event) && momentOf(event) === dieAt) process.kill(process.pid, 'SIGKILL');
  },
});
report({ kind: 'ready', url: app.url });
process.on('SIGINT', () => void app.close().then(() => process.exit(0)));

/** The name a test gives to the moment of an event. */
function momentOf(event: RunEvent): string {
  if (event.type === 'StageStarted') return `start of ${event.stage}`;
  if (event.type === 'TrainingProgressed' && event.step >= event.total / 2)
    return 'half of training';
  return event.type;
}
