import { createSqliteAnnouncementStore } from '../../../bot/adapters/local/sqlite-announcement-store.ts';
import type { Announcer } from '../../../bot/announcer/announcer.ts';
import { unlimitedRates } from '../../../bot/announcer/slack-pace.ts';
import { createBot, type SlackBot } from '../../../bot/create-bot.ts';
import { sweep } from '../../../pipeline/aws/lambda/sweep.ts';
import type { Config } from '../../../pipeline/core/config.ts';
import type { Pipeline } from '../../../pipeline/core/pipeline.ts';
import { createPipeline } from '../../../pipeline/flow/create-pipeline.ts';
import { onExecutionLost } from '../../../pipeline/flow/execution-lost.ts';
import type { FlowDeps } from '../../../pipeline/flow/flow-deps.ts';
import { onEndpointChanged, onJobChanged } from '../../../pipeline/flow/on-job-changed.ts';
import { createRunFlow, type RunInput } from '../../../pipeline/flow/run-flow.ts';
import { withAudit } from '../../../pipeline/flow/with-audit.ts';
import type { DurableEngine } from '../../../pipeline/local/durable/durable-engine.ts';
import { createDurableEngine } from '../../../pipeline/local/durable/engine.ts';
import { resumePipeline } from '../../../pipeline/local/resume-pipeline.ts';
import { createSqliteAlertStore } from '../../../pipeline/local/sqlite-alert-store.ts';
import { createSqliteAuditLog } from '../../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteCallbackStore } from '../../../pipeline/local/sqlite-callback-store.ts';
import { createSqliteGateLedgers } from '../../../pipeline/local/sqlite-gate-ledgers.ts';
import { createSqliteLeases } from '../../../pipeline/local/sqlite-leases.ts';
import { createSqliteModelRegistry } from '../../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../../pipeline/local/sqlite-run-store.ts';
import { signingSecret } from '../../bot/bot-harness.ts';
import type { SimulatedEndpoints } from '../services/sim-endpoints.ts';
import type { SimulatedJobs } from '../services/sim-jobs.ts';
import { API_URL } from '../services/sim-slack.ts';
import type { Life } from './life.ts';

export type SimulatedEngine = Pick<
  DurableEngine,
  'start' | 'isRunning' | 'succeedCallback' | 'resume'
>;

/** What outlives a process. */
export interface Surroundings {
  readonly jobs: SimulatedJobs;
  readonly endpoints: SimulatedEndpoints;
  readonly artifacts: FlowDeps['artifacts'];
  readonly preparer: FlowDeps['preparer'];
  readonly bus: FlowDeps['bus'];
  readonly clock: FlowDeps['clock'];
  readonly recipes: FlowDeps['recipes'];
  /** Of AWS, which outlives processes; null: each has the local one. */
  readonly awsEngine: SimulatedEngine | null;
  /** Called with each run record that was written. */
  readonly watchRuns: (runs: FlowDeps['runs']) => FlowDeps['runs'];
  /** Waits in virtual time. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds since the beginning, whatever the wall clock says. */
  readonly elapsed: () => number;
  readonly log: (line: string) => void;
}

/** The whole product in one life of its process, over the real stores and the local engine. */
export interface Process {
  readonly life: Life;
  readonly deps: FlowDeps;
  /** Commands as a terminal gives them: with an audit entry each. */
  readonly pipeline: Pipeline;
  /** Null where the world has no Slack. */
  readonly bot: SlackBot | null;
  readonly announcer: Announcer | null;
  onJobChanged(name: string): Promise<void>;
  onEndpointChanged(name: string): Promise<void>;
  /** Takes up what the life before left. */
  resume(): Promise<void>;
  /** What the schedule does on AWS every few minutes. */
  sweep(): Promise<void>;
}

export function startProcess(options: {
  readonly life: Life;
  readonly config: Config;
  readonly around: Surroundings;
  readonly hasSlack: boolean;
}): Process {
  const { life, config, around, hasSlack } = options;
  const { database } = life;
  const { clock, log } = around;
  const logEntry = ({
    message,
    about,
    error,
  }: {
    message: string;
    about?: string;
    error?: unknown;
  }) => log(`${message} ${about ?? ''} ${String(error ?? '')}`);

  const engine: SimulatedEngine =
    around.awsEngine ??
    createDurableEngine({
      database,
      clock,
      scheduler: life.scheduler,
      handler: (input: RunInput, context) => createRunFlow(deps)(input, context),
      onFailure: ({ name }) => onExecutionLost(deps, name),
      log: ({ message, execution, error }) =>
        logEntry({ message, about: execution ?? 'engine', error }),
    });
  const deps: FlowDeps = {
    config,
    recipes: around.recipes,
    clock,
    runs: life.guard('runs', around.watchRuns(createSqliteRunStore({ database }))),
    callbacks: life.guard('callbacks', createSqliteCallbackStore({ database })),
    leases: life.guard('leases', createSqliteLeases({ database })),
    ledgers: life.guard('ledgers', createSqliteGateLedgers({ database })),
    executions: life.guard('executions', {
      start: (execution) => engine.start(execution),
      isRunning: (name) => engine.isRunning(name),
      succeedCallback: (callbackId, payload) => engine.succeedCallback(callbackId, payload),
    }),
    artifacts: life.guard('artifacts', around.artifacts),
    preparer: life.guard('preparer', around.preparer),
    jobs: life.guard('jobs', around.jobs),
    registry: life.guard('registry', createSqliteModelRegistry({ database })),
    endpoints: life.guard('endpoints', around.endpoints),
    alerts: life.guard('alerts', createSqliteAlertStore({ database })),
    audit: life.guard('audit', createSqliteAuditLog({ database })),
    bus: life.guard('bus', around.bus),
    logError: ({ message, runId, error }) => logEntry({ message, about: runId, error }),
    pace: { jobPoll: 900, endpointPoll: 120, leasePoll: 600, watchCheck: 450 },
  };
  const pipeline = createPipeline(deps);
  const bot = hasSlack ? startBot() : null;

  function startBot(): SlackBot {
    return createBot({
      config,
      pipeline,
      slack: { botToken: 'xoxb-simulated', signingSecret, botUserId: 'U0MLOPS', apiUrl: API_URL },
      announcements: life.guard('announcements', createSqliteAnnouncementStore({ database })),
      clock,
      log,
      pace: {
        random: Math.random,
        elapsed: around.elapsed,
        wait: (milliseconds) =>
          new Promise((resolve) => {
            life.scheduler.setTimeout(resolve, milliseconds);
          }),
      },
      // The weather decides when Slack refuses a call.
      rates: unlimitedRates,
      claimSeconds: 0,
    });
  }

  return {
    life,
    deps,
    pipeline: withAudit(pipeline, { from: 'cli', clock }),
    bot,
    announcer: bot?.announcer ?? null,
    onJobChanged: (name) => onJobChanged(deps, name),
    onEndpointChanged: (name) => onEndpointChanged(deps, name),
    async resume() {
      await resumePipeline(deps, { engine, log: logEntry });
      await bot?.announcer.catchUp();
    },
    async sweep() {
      await sweep(
        deps,
        {
          send: async (hint) => {
            if (hint.kind === 'run') bot?.announcer.onEvent(hint.runId);
          },
        },
        () => {},
      );
    },
  };
}
