import { join } from 'node:path';
import type { Config } from '../../pipeline/core/config.ts';
import { type DomainEvent, isRunEvent } from '../../pipeline/core/events.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import { startFromDataset } from '../../pipeline/flow/commands/start-from-dataset.ts';
import { withAudit } from '../../pipeline/flow/with-audit.ts';
import { createLocalPipeline } from '../../pipeline/local/create-local-pipeline.ts';
import { createInbox } from '../../pipeline/local/inbox.ts';
import type { Log } from '../../pipeline/local/log.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { announceRefusedFile } from '../adapters/local/announce-refused-file.ts';
import { openCliServer } from '../adapters/local/cli-server.ts';
import { identifyBot } from '../adapters/local/real-slack.ts';
import type { SlackTokens } from '../adapters/local/slack-tokens.ts';
import { createSqliteAnnouncementStore } from '../adapters/local/sqlite-announcement-store.ts';
import { createSqlitePreferenceStore } from '../adapters/local/sqlite-preference-store.ts';
import type { DatasetInbox } from '../interaction/bot.ts';
import { createControls } from '../workspace-page/create-controls.ts';
import { interruptModel } from './interrupt-model.ts';
import { sayHello } from './say-hello.ts';
import { openRealSlack, openWorkspacePage } from './slack-connection.ts';

export interface LocalAppOptions {
  readonly config: Config;
  readonly root: string;
  readonly dataFolder: string;
  readonly python: string;
  readonly environment: Environment;
  /** Of the workspace page; 0 takes any free one. */
  readonly port: number;
  /** A real workspace instead of the page; the page is not opened then. */
  readonly slackTokens?: SlackTokens | null;
  readonly endpointPort: number;
  /** The bake window of the configuration is meant for production; here it is this long. */
  readonly bakeSeconds: number;
  readonly clock: Clock;
  /** Receives every domain event, in order. */
  readonly onEvent?: (event: DomainEvent) => void;
  readonly log: Log;
}

export interface LocalApp {
  /** Address of the workspace: of the page, or the real one. */
  readonly url: string;
  readonly pipeline: Pipeline;
  /** Where a dropped file starts a run: one folder per model in it. */
  readonly inboxFolder: string;
  /** Imports in the background what a first run of the first model needs; once nobody waits. */
  warmUp(): void;
  close(): Promise<void>;
}

/** The whole product in one process: pipeline, bot, and the local page or a connection to Slack. */
export async function createLocalApp(options: LocalAppOptions): Promise<LocalApp> {
  const { root, dataFolder, clock, log } = options;
  const logLine = (message: string) => log({ message });
  // Before anything starts: a wrong token must not leave half a product running.
  const identity = options.slackTokens
    ? await identifyBot({ tokens: options.slackTokens, config: options.config, log: logLine })
    : null;
  const config = withBakeWindow(options.config, options.bakeSeconds / 60);
  const local = await createLocalPipeline({
    ...options,
    config,
    trainingFolder: join(root, 'training'),
  });
  const inboxFolder = join(dataFolder, 'inbox');
  const inbox = createInbox({
    database: local.database,
    folder: inboxFolder,
    artifacts: local.artifacts,
    models: Object.keys(config.models),
    onDataset: (dropped) =>
      startFromDataset(
        { pipeline: withAudit(local.pipeline, { from: 'inbox', clock }), config },
        dropped,
      ),
    onRefused: (refused) => announceRefusedFile(slack.announcer, refused),
    log,
  });
  const controls = createControls({ config, local, inbox, clock });
  const bot = {
    config,
    pipeline: local.pipeline,
    announcements: createSqliteAnnouncementStore({ database: local.database }),
    preferences: createSqlitePreferenceStore({ database: local.database }),
    clock,
    log: logLine,
    datasets: {
      async take({ model, fileName, body, by, ...choice }: Parameters<DatasetInbox['take']>[0]) {
        const dataset = await inbox.receive({ model, fileName, body });
        const dropped = { dataset, model, requestedBy: by, ...choice };
        const { run, isNew } = await startFromDataset({ ...local, config }, dropped);
        return { message: isNew ? `Started ${run.id}.` : `Run ${run.id} has used it already.` };
      },
    },
    local: { interrupt: (model?: string) => interruptModel(controls, model) },
  };
  const { slackTokens: tokens = null } = options;
  const slack =
    tokens === null || identity === null
      ? await openWorkspacePage({ ...options, bot, controls })
      : await openRealSlack({ bot, tokens, identity });
  local.bus.subscribe((event) =>
    isRunEvent(event)
      ? slack.announcer.onEvent(event.runId)
      : slack.announcer.onAlert(event.alertId),
  );
  if (options.onEvent !== undefined) local.bus.subscribe(options.onEvent);
  await local.resume();
  await slack.announcer.catchUp();
  if (identity !== null) await sayHello(slack.announcer, local.pipeline, { config, identity });
  await inbox.start();
  const cliServer = await openCliServer({ bot: slack.bot, dataFolder, log: logLine });

  return {
    url: slack.url,
    pipeline: local.pipeline,
    inboxFolder,
    warmUp() {
      const [first] = Object.values(config.models);
      if (first !== undefined) local.jobs.warmUp({ kind: 'train', recipe: first.recipe });
    },
    async close() {
      await cliServer.close();
      await inbox.close();
      // Before the pipeline, whose database it writes to. The next start announces what is left.
      await slack.close();
      await local.close();
    },
  };
}

/** The configuration with the bake window of every model set to `minutes`. */
function withBakeWindow(config: Config, minutes: number): Config {
  const models = Object.entries(config.models).map(
    ([name, model]) => [name, { ...model, watch: { ...model.watch, minutes } }] as const,
  );
  return { ...config, models: Object.fromEntries(models) };
}
