import { MlopsError } from '../../pipeline/core/errors.ts';
import { isRunEvent } from '../../pipeline/core/events.ts';
import { hasModel } from '../../pipeline/core/model-config.ts';
import { endpointName } from '../../pipeline/core/names.ts';
import type { Recipe } from '../../pipeline/core/python-contract.ts';
import { hasEnded, type Run, type RunId } from '../../pipeline/core/run.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { aPrepareReport } from '../fakes/samples.ts';
import { type Choices, createChoices } from './engine/choices.ts';
import { drawConfig, drawUpgrades } from './engine/configs.ts';
import { createFaults } from './engine/faults.ts';
import { createLife } from './engine/life.ts';
import { type Process, startProcess } from './engine/process.ts';
import { installVirtualTime, type VirtualTime } from './engine/virtual-time.ts';
import { drawWeather } from './engine/weather.ts';
import { checkEnd } from './invariants/check-end.ts';
import { createMonitor } from './invariants/monitor.ts';
import type { Violation } from './invariants/violation.ts';
import { act, decide } from './people/act.ts';
import { createInSlack } from './people/in-slack.ts';
import { drawIntentions, drawReactions, type Intention, type Reaction } from './people/people.ts';
import { createMemoryArtifacts } from './services/memory-artifacts.ts';
import { createSimulatedEndpoints } from './services/sim-endpoints.ts';
import { createSimulatedJobs } from './services/sim-jobs.ts';
import { createSimulatedSlack } from './services/sim-slack.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Trouble lasts this long; people act in the first four fifths of it. */
const TROUBLE = 24 * HOUR;
/** Afterwards everything works, and this long must be enough for every run to end. */
const PEACE = 24 * HOUR;
const SWEEP_EVERY = 30 * MINUTE;
/** Once every run has ended, late events and the last cards need no longer than this. */
const LAST_WORDS = 3 * HOUR;

export interface WorldOptions {
  readonly seed: number;
  /** Most runs that people may start. */
  readonly mostRuns: number;
  /** Ids of disturbances that do not happen, see {@link createChoices}. */
  readonly without?: ReadonlySet<string>;
}

export interface WorldResult {
  readonly seed: number;
  /** Runs that were started. */
  readonly runs: number;
  readonly violations: readonly Violation[];
  /** What went wrong on purpose, in order. */
  readonly disturbances: readonly string[];
  /** What happened, a line each, with the time since the beginning. */
  readonly trace: readonly string[];
  /** The durable state at the end, as far as it must not depend on the engine. */
  readonly outcomes: readonly string[];
}

/** One history of the whole product, from its first dataset to rest, decided by the seed alone. */
export async function runWorld(options: WorldOptions): Promise<WorldResult> {
  const choices = createChoices(options.seed, options);
  const time = installVirtualTime({ random: () => choices.fraction('Math.random') });
  const realFetch = globalThis.fetch;
  try {
    return await playWorld(options, choices, time);
  } finally {
    globalThis.fetch = realFetch;
    time.uninstall();
  }
}

const recipe: Recipe = {
  name: 'words',
  title: 'Words',
  description: 'A recipe of the simulation.',
  task: 'text-classification',
  checkpoints: true,
  invocation: { contentType: 'application/json', example: { inputs: 'hello' } },
  hyperparameters: {},
};

async function playWorld(
  { seed, mostRuns }: WorldOptions,
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
  const isLocal = choices.chance('on one machine', 0.3);
  const weather = drawWeather(choices, { until: TROUBLE, isLocal });
  const runCount = Math.min(mostRuns, choices.integer('runs', 1, 16));

  const database = openDatabase(':memory:');
  const truth = createSqliteRunStore({ database });
  const artifacts = createMemoryArtifacts();
  const jobs = createSimulatedJobs({ choices, time, artifacts });
  const endpoints = createSimulatedEndpoints({ choices, time });
  const monitor = createMonitor({
    config: () => config,
    quality: (runId) => jobs.quality(`runs/${runId}/`),
    hasAnsweredWrongly: endpoints.hasAnsweredWrongly,
    report,
  });
  endpoints.onDeploy((next, live) => {
    tell(`endpoint: ${live?.configName ?? 'nothing'} -> ${next.configName}`);
    monitor.onDeploy(next, live);
  });

  const present: { process: Process | null } = { process: null };
  const promised = new Set<RunId>();
  const leftOut = new Set<string>();
  const asked = new Set<RunId>();
  const invalid = new Map<string, boolean>();

  const faults = createFaults({
    choices,
    time,
    weather,
    isLocal,
    crash: () => {
      if (present.process === null) return;
      tell('the process is killed');
      present.process.life.kill();
      present.process = null;
      const down = choices.pick('how long it is down', [SECOND, MINUTE, 20 * MINUTE]);
      time.after(down, start);
    },
  });
  const slack = createSimulatedSlack(() => faults);
  globalThis.fetch = slack.fetch;
  const inSlack = createInSlack({
    bot: () => present.process?.bot ?? null,
    slack,
    clock: time.clock,
    choices,
    report,
  });

  function start(): void {
    const life = createLife({
      database,
      scheduler: time.scheduler,
      calls: faults.calls,
      commits: faults.commits,
    });
    tell('the process starts');
    try {
      present.process = startProcess({
        life,
        config,
        hasSlack,
        around: {
          jobs,
          endpoints,
          artifacts,
          preparer: {
            // The same file is the same report, however often it is asked for.
            prepare: async ({ inputKey }) => {
              const isBad =
                invalid.get(inputKey) ?? choices.disturbs(`${inputKey} is invalid`, 0.05);
              invalid.set(inputKey, isBad);
              return isBad ? invalidReport : aPrepareReport();
            },
          },
          bus: { publish: async (event) => deliver(event) },
          clock: time.clock,
          // In whole milliseconds, so that no pause is too short to move the time.
          elapsed: () => Math.floor(time.elapsed()),
          recipes: new Map([[recipe.name, recipe]]),
          watchRuns: (runs) => monitor.watchRuns(runs, truth),
          wait: (milliseconds) => new Promise((resolve) => void time.after(milliseconds, resolve)),
          // A reference for people is random, and a stack names files of this machine.
          log: (line) => tell(`log: ${line.replace(/^[0-9a-f]{8}: /, '').replace(/\n.*/s, '')}`),
        },
      });
    } catch (error) {
      if (life.isAlive()) {
        // A full disk: whoever watches the process starts it again.
        life.kill();
        time.after(MINUTE, start);
      }
      tell(`it does not start: ${String(error)}`);
      return;
    }
    void present.process?.resume().catch((error: unknown) => {
      if (!life.isAlive()) return;
      // It ends with a message, and whoever watches the process starts it again.
      tell(`it cannot take up its work: ${String(error)}`);
      life.kill();
      present.process = null;
      time.after(MINUTE, start);
    });
  }

  /** Does it in the present process, if there is one; what fails is tried again as AWS does. */
  async function inProcess(
    what: string,
    work: (process: Process) => Promise<unknown>,
    tries = 3,
  ): Promise<void> {
    const { process } = present;
    if (process === null) return;
    try {
      await work(process);
    } catch (error) {
      if (tries > 1) time.after(MINUTE, () => void inProcess(what, work, tries - 1));
      else tell(`given up: ${what}: ${String(error)}`);
    }
  }

  function deliver(event: Parameters<Process['deps']['bus']['publish']>[0]): void {
    if (!isRunEvent(event)) return;
    tell(`${event.runId} ${event.type}`);
    if (event.type === 'ApprovalRequested') time.after(1, () => react(event.runId));
    for (const delay of faults.deliveries('event of the bus')) {
      time.after(delay, () => present.process?.announcer?.onEvent(event.runId));
    }
  }

  jobs.onChange((name) => {
    for (const delay of faults.deliveries('event of a job')) {
      time.after(delay, () => void inProcess('job', (process) => process.onJobChanged(name)));
    }
  });
  endpoints.onChange((name) => {
    for (const delay of faults.deliveries('event of an endpoint')) {
      time.after(
        delay,
        () => void inProcess('endpoint', (process) => process.onEndpointChanged(name)),
      );
    }
  });

  /** People look at what waits for them. */
  function react(runId: RunId): void {
    const run = monitor.record(runId);
    if (run?.approval == null || run.approval.outcome !== null || asked.has(runId)) return;
    asked.add(runId);
    if (hasSlack) inSlack.look();
    for (const reaction of drawReactions(choices, run)) {
      for (let click = 0; click < reaction.clicks; click++) {
        time.after(reaction.delay + click * 300, () => void tryToDecide(reaction, 5));
      }
    }
  }

  async function tryToDecide(reaction: Reaction, tries: number): Promise<void> {
    const { attempt } = reaction;
    const again = () => {
      if (tries > 1) time.after(10 * MINUTE, () => void tryToDecide(reaction, tries - 1));
    };
    const { process } = present;
    if (process === null) return again();
    const clicks = hasSlack && reaction.inSlack;
    const button = clicks ? inSlack.buttonFor(attempt) : null;
    if (clicks && button === null) return again();
    monitor.onAttempt(attempt);
    tell(`${attempt.by.name}: ${attempt.outcome} ${attempt.runId}${clicks ? ' in Slack' : ''}`);
    await (button === null
      ? decide(process.pipeline, attempt)
      : inSlack.decide(attempt, button)
    ).catch(again);
  }

  async function tryToAct(intention: Intention, tries: number): Promise<void> {
    const again = () => {
      if (tries > 1) time.after(10 * MINUTE, () => void tryToAct(intention, tries - 1));
    };
    const { process } = present;
    if (process === null) return again();
    const hand = hasSlack && intention.kind !== 'drop' ? intention.inSlack : null;
    tell(`${hand?.name ?? 'somebody'}: ${intention.kind} ${intention.model}`);
    try {
      if (hand !== null) return await inSlack.act(intention, hand);
      const acted = await act(process.pipeline, intention, choices);
      if (acted.kind === 'started') promised.add(acted.run.id);
    } catch {
      again();
    }
  }

  start();
  for (const { id, at, by } of weather.clockJumps) {
    time.after(at, () => {
      tell(id);
      time.jump(by);
    });
  }
  for (const upgrade of drawUpgrades(choices, { models, until: TROUBLE })) {
    time.after(upgrade.at, () => {
      config = upgrade.config;
      for (const model of models) if (!hasModel(config, model)) leftOut.add(model);
      tell(`${upgrade.id}: ${Object.keys(config.models)}`);
      if (present.process === null) return;
      present.process.life.kill();
      present.process = null;
      start();
    });
  }
  for (const intention of drawIntentions(choices, { models, runs: runCount, until: TROUBLE })) {
    const times = 'times' in intention ? intention.times : 1;
    for (let i = 0; i < times; i++) {
      time.after(intention.at + i * SECOND, () => void tryToAct(intention, 12));
    }
  }
  if (!isLocal) {
    const sweep = () => {
      void inProcess('sweep', (process) => process.sweep(), 1);
      time.after(SWEEP_EVERY, sweep);
    };
    time.after(SWEEP_EVERY, sweep);
  }
  await time.runUntil(TROUBLE);
  const isAtRest = () =>
    [...monitor.records.values()].every(hasEnded) && jobs.active().length === 0;
  let end = TROUBLE;
  while (end < TROUBLE + PEACE && !isAtRest()) {
    end += HOUR;
    await time.runUntil(end);
  }
  await time.runUntil(end + LAST_WORDS);

  const { process } = present;
  if (process === null) throw new MlopsError('UNEXPECTED', 'The process never came back.');
  await checkEnd({
    process,
    monitor,
    endpoints,
    jobs,
    slack: hasSlack ? slack : null,
    promised,
    models,
    leftOut,
    report,
    time,
  });
  const outcomes = [...monitor.records.values()].map(outcomeOf).sort();
  for (const model of models) {
    outcomes.push(
      `${model} serves ${endpoints.live(endpointName(model))?.configName ?? 'nothing'}`,
    );
  }
  process.life.kill();
  database.close();
  return {
    seed,
    runs: monitor.records.size,
    violations,
    disturbances: choices.disturbances,
    trace,
    outcomes,
  };
}

function outcomeOf(run: Run): string {
  const { id, outcome, failure, version, deployment } = run;
  return [
    id,
    hasEnded(run) ? outcome : 'open',
    failure?.code ?? '',
    version === null ? '' : `v${version}`,
    deployment?.verifiedAt == null ? '' : 'verified',
    deployment?.revertedAt == null ? '' : 'reverted',
  ].join(' ');
}

const invalidReport = aPrepareReport({
  status: 'invalid',
  errors: [
    {
      code: 'TOO_FEW_ROWS',
      message: 'The dataset has 3 rows; at least 20 are needed.',
      hint: 'Add rows.',
      row: null,
      column: null,
    },
  ],
});

function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / SECOND);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
