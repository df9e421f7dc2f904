import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createConsoleLog } from '../../bot/adapters/local/console-log.ts';
import { createLocalApp, type LocalAppOptions } from '../../bot/local/create-local-app.ts';
import { createLocalClient } from '../../bot/workspace-page/local-client.ts';
import config from '../../mlops.config.ts';
import { makeSampleDatasets, sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import { createDriver } from './driver.ts';

/** Starts the local app on an empty folder, with the first sample dataset in its inbox. */
export async function openDemoApp(
  options: Pick<LocalAppOptions, 'root' | 'environment' | 'bakeSeconds' | 'onEvent'> & {
    readonly folder: string;
  },
) {
  const { root, folder } = options;
  const interpreter = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const python = join(root, '.venv', interpreter);
  const samples = await makeSampleDatasets({ root, python, folder: join(folder, 'samples') });
  const inbox = join(folder, 'data', 'inbox', 'spam');
  mkdirSync(inbox, { recursive: true });
  cpSync(join(samples, sampleFiles.first), join(inbox, sampleFiles.first));
  const app = await createLocalApp({
    ...options,
    config,
    python,
    dataFolder: join(folder, 'data'),
    port: 0,
    endpointPort: 0,
    clock: { now: () => new Date() },
    log: createConsoleLog((line) => console.error('   !', line)),
  });
  const client = createLocalClient({ url: app.url });
  return {
    url: app.url,
    pipeline: app.pipeline,
    driver: createDriver({ client, channel: 'C0MLOPS', samples }),
    async close() {
      client.close();
      await app.close();
    },
  };
}
