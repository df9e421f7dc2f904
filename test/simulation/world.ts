import { MlopsError } from '../../pipeline/core/errors.ts';
import { type DomainEvent, isRunEvent } from '../../pipeline/core/events.ts';
import { hasModel } from '../../pipeline/core/model-config.ts';
import { hasEnded } from '../../pipeline/core/run.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { createAwsEngine } from './engine/aws-engine.ts';
import { type Choices, createChoices } from './engine/choices.ts';
import { drawConfig, drawUpgrades } from './engine/configs.ts';
import { createFaults } from './engine/faults.ts';
import { clockTime, playOut, TROUBLE } from './engine/play-out.ts';
import { createSupervisor } from './engine/supervisor.ts';
import { installVirtualTime, type VirtualTime } from './engine/virtual-time.ts';
import { drawWeather } from './engine/weather.ts';
import { checkEnd } from './invariants/check-end.ts';
import { durableState } from './invariants/durable-state.ts';
import { createMonitor } from './invariants/monitor.ts';
import { outcomesOf } from './invariants/outcomes.ts';
import type { Violation } from './invariants/violation.ts';
import { createCrowd } from './people/crowd.ts';
import { createInSlack } from './people/in-slack.ts';
import { drawIntentions } from './people/people.ts';
import { createMemoryArtifacts } from './services/memory-artifacts.ts';
import { createSimulatedEndpoints } from './services/sim-endpoints.ts';
import { createSimulatedJobs } from './services/sim-jobs.ts';
import { createSimulatedPreparer } from './services/sim-preparer.ts';
import { simulatedRecipes } from './services/sim-recipes.ts';
import { createSimulatedSlack } from './services/sim-slack.ts';
import type { WorldOptions, WorldResult } from './world-types.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const SWEEP_EVERY = 60 * MINUTE;

/** One history of the whole product, from its first dataset to rest, decided by the seed alone. */
export async function runWorld(options: WorldOptions): Promise<WorldResult> {
  const choices = createChoices(options.seed, options);
  const time = installVirtualTime({
    random: () => choices.fraction('Math.random'),
    // The runner of AWS waits for more than promises in between.
    ...(options.isComparable === true ? { timersAtOnce: 1 } : {}),
  });
  const realFetch = globalThis.fetch;
  try {
    return await playWorld(options, choices, time);
  } finally {
    globalThis.fetch = realFetch;
    time.uninstall();
  }
}

async function playWorld(
  { seed, mostRuns, engine = 'local', isComparable = false }: WorldOptions,
  choices: Choices,
  time: VirtualTime,
): Promise<WorldResult> {
  const trace: string[] = [];
  const tell = (line: string) => void trace.push(`${clockTime(time.elapsed())}  ${line}`);
  const violations: Violation[] = [];
  const report = (invariant: Violation['invariant'], message: string) => {
    violations.push({ invariant, message });
    tell(`VIOLATION of ${invariant}: ${message}`);
  };

  const models = choices.pick<readonly [string, ...string[]]>('models', [
    ['spam'],
    ['customer-complaints'],
    ['spam', 'tone'],
  ]);
  let config = drawConfig(choices, models);
  const hasSlack = choices.chance('with Slack', 0.3);
  /** On AWS a schedule repairs what lost events left undone; one process loses no events. */
  const isLocal = choices.chance('on one machine', 0.3) && engine === 'local' && !isComparable;
  const weather = drawWeather(choices, { until: TROUBLE, isLocal, isComparable });
  const runCount = Math.min(mostRuns, choices.integer('runs', 1, 16));

  const database = openDatabase(':memory:');
  const truth = createSqliteRunStore({ database });
  const artifacts = createMemoryArtifacts();
  const jobs = createSimulatedJobs({ choices, time, artifacts });
  const endpoints = createSimulatedEndpoints({ choices, time });
  const monitor = createMonitor({
    config: () => config,
    quality: (runId) => jobs.quality(`runs/${runId}/`),
    unstoppedJobs: jobs.unstopped,
    hasAnsweredWrongly: endpoints.hasAnsweredWrongly,
    report,
  });
  endpoints.onDeploy((next, live) => {
    tell(`endpoint: ${live?.configName ?? 'nothing'} -> ${next.configName}`);
    monitor.onDeploy(next, live);
  });

  const leftOut = new Set<string>();
  const slack = createSimulatedSlack(() => faults);
  globalThis.fetch = slack.fetch;
  const supervisor = createSupervisor({
    database,
    time,
    faults: () => faults,
    downtime: () => choices.pick('how long it is down', [SECOND, MINUTE, 20 * MINUTE]),
    config: () => config,
    hasSlack,
    tell,
    around: {
      jobs,
      endpoints,
      artifacts,
      preparer: createSimulatedPreparer({ choices }),
      bus: { publish: async (event) => deliver(event) },
      clock: time.clock,
      awsEngine:
        engine === 'local'
          ? null
          : createAwsEngine({ database, clock: time.clock, deps: () => present().deps }),
      // In whole milliseconds, so that no pause is too short to move the time.
      elapsed: () => Math.floor(time.elapsed()),
      recipes: simulatedRecipes,
      watchRuns: (runs) => monitor.watchRuns(runs, truth),
      wait: (milliseconds) => new Promise((resolve) => void time.after(milliseconds, resolve)),
      // A reference for people is random, and a stack names files of this machine.
      log: (line) => tell(`log: ${line.replace(/^[0-9a-f]{8}: /, '').replace(/\n.*/s, '')}`),
    },
  });
  const { process, inProcess } = supervisor;
  const present = () => {
    const now = process();
    if (now === null) throw new MlopsError('UNEXPECTED', 'The process is down.');
    return now;
  };
  const faults = createFaults({ choices, time, weather, isLocal, crash: supervisor.crash });
  const inSlack = createInSlack({
    bot: () => process()?.bot ?? null,
    slack,
    clock: time.clock,
    choices,
    report,
  });
  const crowd = createCrowd({
    choices,
    time,
    monitor,
    process,
    inSlack: hasSlack ? inSlack : null,
    tell,
  });

  function deliver(event: DomainEvent): void {
    if (!isRunEvent(event)) return;
    tell(`${event.runId} ${event.type}`);
    if (event.type === 'ApprovalRequested') time.after(1, () => crowd.lookAt(event.runId));
    const isOut =
      event.type === 'DeploymentReverted' ||
      (event.type === 'VersionDeployed' && monitor.record(event.runId)?.kind === 'rollback');
    if (isOut && time.elapsed() < TROUBLE / 2) crowd.onLeft(event.runId);
    for (const delay of faults.deliveries('event of the bus')) {
      time.after(delay, () => process()?.announcer?.onEvent(event.runId));
    }
  }

  jobs.onChange((name) => {
    for (const delay of faults.deliveries('event of a job')) {
      time.after(delay, () => inProcess('job', (each) => each.onJobChanged(name)));
    }
  });
  endpoints.onChange((name) => {
    for (const delay of faults.deliveries('event of an endpoint')) {
      time.after(delay, () => inProcess('endpoint', (each) => each.onEndpointChanged(name)));
    }
  });

  supervisor.start();
  for (const { id, at, by } of weather.clockJumps) {
    time.after(at, () => {
      tell(id);
      time.jump(by);
    });
  }
  const upgrades = isComparable ? [] : drawUpgrades(choices, { models, until: TROUBLE });
  for (const upgrade of upgrades) {
    time.after(upgrade.at, () => {
      config = upgrade.config;
      for (const model of models) if (!hasModel(config, model)) leftOut.add(model);
      tell(`${upgrade.id}: ${Object.keys(config.models)}`);
      supervisor.restart();
    });
  }
  for (const intention of drawIntentions(choices, { models, runs: runCount, until: TROUBLE })) {
    crowd.setOut(intention);
  }
  if (!isLocal) {
    const sweep = () => {
      inProcess('sweep', (each) => each.sweep(), 1);
      time.after(SWEEP_EVERY, sweep);
    };
    time.after(SWEEP_EVERY, sweep);
  }
  await playOut(
    time,
    () => [...monitor.records.values()].every(hasEnded) && jobs.active().length === 0,
  );

  const last = present();
  await checkEnd({
    process: last,
    monitor,
    endpoints,
    jobs,
    slack: hasSlack ? slack : null,
    promised: crowd.promised,
    models,
    leftOut,
    report,
  });
  const state = isComparable ? durableState(database) : [];
  last.life.kill();
  database.close();
  return {
    seed,
    runs: monitor.records.size,
    violations,
    disturbances: choices.disturbances,
    trace,
    outcomes: outcomesOf({ records: monitor.records, endpoints, models }),
    state,
  };
}
