import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Config } from '../../pipeline/core/config.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import { createLocalPipeline } from '../../pipeline/local/create-local-pipeline.ts';
import { createInbox } from '../../pipeline/local/inbox.ts';
import type { Log } from '../../pipeline/local/log.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { createBot } from '../create-bot.ts';
import { manifest } from '../manifest.ts';
import { createControls } from './controls.ts';
import { createRequestServer } from './request-server.ts';
import { createSqliteAnnouncementStore } from './sqlite-announcement-store.ts';
import { startFromDataset } from './start-from-dataset.ts';
import { channels, people } from './team.ts';
import { createWorkspace } from './workspace/create-workspace.ts';

export interface LocalAppOptions {
  readonly config: Config;
  readonly root: string;
  readonly dataFolder: string;
  readonly python: string;
  readonly environment: Environment;
  /** Of the workspace page; 0 takes any free one. */
  readonly port: number;
  readonly endpointPort: number;
  /** The bake window of the configuration is meant for production; here it is this long. */
  readonly bakeSeconds: number;
  readonly clock: Clock;
  /** Told every domain event, in order. */
  readonly onEvent?: (event: RunEvent) => void;
  readonly log: Log;
}

export interface LocalApp {
  /** Address of the workspace page. */
  readonly url: string;
  readonly pipeline: Pipeline;
  /** Where a dropped file starts a run: one folder per model in it. */
  readonly inboxFolder: string;
  close(): Promise<void>;
}

/** The whole product on this machine: pipeline, bot and workspace in one process. */
export async function createLocalApp(options: LocalAppOptions): Promise<LocalApp> {
  const { root, dataFolder, clock, log } = options;
  const config = withBakeWindow(options.config, options.bakeSeconds / 60);
  const local = await createLocalPipeline({
    ...options,
    config,
    trainingFolder: join(root, 'training'),
  });
  const secrets = { signingSecret: randomBytes(24).toString('hex'), botToken: 'xoxb-local' };
  const inboxFolder = join(dataFolder, 'inbox');
  const inbox = createInbox({
    database: local.database,
    folder: inboxFolder,
    artifacts: local.artifacts,
    models: Object.keys(config.models),
    onDataset: (dropped) => startFromDataset(local.pipeline, dropped),
    onRefused: ({ fileName, model, reason }) =>
      bot.announcer.tell({
        key: `file ${model ?? ''}/${fileName}`,
        kind: 'file_ignored',
        fileName,
        reason,
        hint: null,
      }),
    log,
  });
  const controls = createControls({ config, local, inbox });
  let requestUrl = '';
  const workspace = await createWorkspace({
    ...secrets,
    port: options.port,
    stateFolder: join(dataFolder, 'workspace'),
    requestUrl: () => requestUrl,
    manifest,
    people,
    channels,
    controls,
    log: (message) => log({ message }),
  });
  const bot = createBot({
    config,
    pipeline: local.pipeline,
    slack: { ...secrets, apiUrl: workspace.slackApiUrl },
    announcements: createSqliteAnnouncementStore({ database: local.database }),
    clock,
    log: (message) => log({ message }),
    local: { interrupt: (model) => controls.interrupt(model) },
    claimSeconds: 0,
  });
  const requests = await createRequestServer({
    handler: bot.handler,
    log: (message) => log({ message }),
  });
  requestUrl = requests.url;
  local.bus.subscribe((event) => bot.announcer.onEvent(event.runId));
  if (options.onEvent !== undefined) local.bus.subscribe(options.onEvent);
  await local.resume();
  await bot.announcer.catchUp();
  await inbox.start();

  return {
    url: workspace.url,
    pipeline: local.pipeline,
    inboxFolder,
    async close() {
      await inbox.close();
      await local.close();
      await bot.announcer.close();
      await requests.close();
      await workspace.close();
    },
  };
}

/** The configuration with every bake window as long as the local app wants it. */
function withBakeWindow(config: Config, minutes: number): Config {
  const models = Object.entries(config.models).map(
    ([name, model]) => [name, { ...model, watch: { ...model.watch, minutes } }] as const,
  );
  return { ...config, models: Object.fromEntries(models) };
}
