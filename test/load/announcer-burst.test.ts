import { setImmediate } from 'node:timers/promises';
import type { SQSRecord } from 'aws-lambda';
import { unsafeUniformIntDistribution } from 'pure-rand/distribution/UnsafeUniformIntDistribution';
import { xoroshiro128plus } from 'pure-rand/generator/XoroShiro';
import { describe, expect, it } from 'vitest';
import { createAnnounceEntry } from '../../bot/adapters/aws/create-announce-entry.ts';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { createAnnounceAlert } from '../../bot/announcer/announce-alert.ts';
import { createAnnounceNotice } from '../../bot/announcer/announce-notice.ts';
import { createAnnounceRun } from '../../bot/announcer/announce-run.ts';
import { createAnnouncer } from '../../bot/announcer/announcer.ts';
import { createChartSupport } from '../../bot/announcer/chart-support.ts';
import { createPoster } from '../../bot/announcer/poster.ts';
import { createSlackPace, ratesSharedBy } from '../../bot/announcer/slack-pace.ts';
import { modelFacts } from '../../bot/blocks/message.ts';
import { card } from '../../bot/features/run/card.ts';
import { thread } from '../../bot/features/run/thread.ts';
import { sampleRuns } from '../../bot/gallery/sample-runs.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFakePipeline } from '../bot/fake-pipeline.ts';
import { silentTelemetry } from '../infra/silent-telemetry.ts';
import { createManualTime } from '../local/durable/harness.ts';
import { fleetConfig } from './history.ts';
import { createLimitedSlack } from './limited-slack.ts';

const MODELS = 50;
/** `npm run test:load` has 1,000 of them. */
const RUNS = Number(process.env.LOAD_RUNS ?? 100);
/** Deliveries of the events of all runs: each event twice, in any order. */
const DELIVERIES = RUNS * 10;
const TIMEOUT = 600_000;
/** As in infra/stacks/service-stack.ts. */
const SECONDS_OF_FUNCTION = 60;
const MOST_RECEIVES = 20;
const states = ['started', 'training', 'judged', 'waiting for approval', 'rejected'];

const config = fleetConfig(MODELS);
const models = Object.keys(config.models);
const samples = sampleRuns();

/** The record of a run in one of the states. */
function recordOf(number: number, state: number): Run {
  const run = samples[states[state] ?? ''];
  if (run === undefined) throw new Error(`There is no sample run “${states[state]}”.`);
  const model = models[number % MODELS] ?? '';
  return { ...run, id: `${model}-${String(number).padStart(8, '0')}`, model };
}

/** Numbers below a limit, the same in every run of the test. */
function createDraw(): (below: number) => number {
  const random = xoroshiro128plus(9);
  return (below) => unsafeUniformIntDistribution(0, below - 1, random);
}

/**
 * The runs of so many deliveries, each run's own events five on average and each delivered twice, late
 * or early. Calls `reach` when a record gets to its next state and `deliver` for each event.
 */
async function burst(
  draw: (below: number) => number,
  reach: (run: Run) => void,
  deliver: (run: Run) => void,
  pause: () => Promise<void>,
): Promise<void> {
  const state = new Array<number>(RUNS).fill(0);
  const late: Run[] = [];
  for (let number = 0; number < RUNS; number += 1) reach(recordOf(number, 0));
  for (let count = 0; count < DELIVERIES / 2; count += 1) {
    const number = count < (DELIVERIES / 2) * 0.8 ? draw(RUNS) : count % RUNS;
    const next = Math.min((state[number] ?? 0) + 1, states.length - 1);
    // The last deliveries bring every run to its end.
    state[number] = count >= (DELIVERIES / 2) * 0.8 ? states.length - 1 : next;
    const run = recordOf(number, state[number] ?? 0);
    reach(run);
    deliver(run);
    late.splice(draw(late.length + 1), 0, run);
    const repeated = late.length > 200 ? late.pop() : undefined;
    if (repeated !== undefined) deliver(repeated);
    if (count % 50 === 0) await pause();
  }
  for (const run of late) deliver(run);
}

function openWorld(processes: number) {
  const time = createManualTime(Date.parse('2026-11-20T10:00:00.000Z'));
  const slack = createLimitedSlack(time.clock, processes);
  const pipeline = createFakePipeline({ config, clock: time.clock });
  const store = createSqliteAnnouncementStore({ database: openDatabase(':memory:') });
  const wait = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const stop = () => {
        time.scheduler.clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = time.scheduler.setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, milliseconds);
      signal.addEventListener('abort', stop);
    });

  function openAnnouncer() {
    const pace = createSlackPace({
      elapsed: time.elapsed,
      rates: ratesSharedBy(processes),
      wait,
    });
    const log = () => {};
    const charts = createChartSupport({ clock: time.clock, log });
    const shared = {
      config,
      pipeline,
      poster: createPoster({ client: slack.client, charts, pace, log }),
      clock: time.clock,
      log,
      store,
      owner: `process ${Math.random()}`,
      claimSeconds: 20,
      cardLink: async () => null,
    };
    const announceAlert = createAnnounceAlert(shared);
    return createAnnouncer({
      pipeline,
      clock: time.clock,
      log,
      announceRun: createAnnounceRun({ ...shared, announceAlert }),
      announceAlert,
      announceNotice: createAnnounceNotice(shared),
      pace: { progressMilliseconds: 3_000, elapsed: time.elapsed, wait, random: () => 0.5 },
    });
  }

  /** Lets time pass until the work is done; nothing else needs it. */
  async function until(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      for (let turn = 0; turn < 3 && !isDone; turn += 1) await setImmediate();
      if (!isDone) await time.next();
    }
    await work;
  }

  /** One root a run, each entry once, and all of them as the last record wants them. */
  function expectEverythingToldOnce(): void {
    const byKey = new Map<string, string[]>();
    for (const { key, text } of slack.messages()) {
      byKey.set(key, [...(byKey.get(key) ?? []), text]);
    }
    for (let number = 0; number < RUNS; number += 1) {
      const run = recordOf(number, states.length - 1);
      const facts = { ...modelFacts(config, run.model), diff: null };
      expect(byKey.get(`${run.id} root`)).toEqual([card(run, facts).text]);
      for (const { key, text } of thread(run, facts)) {
        expect(byKey.get(`${run.id} ${key}`)).toEqual([text]);
      }
    }
  }

  /** About a second in the middle of the burst. */
  async function pause(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    await time.next();
  }

  return { time, slack, pipeline, openAnnouncer, until, pause, expectEverythingToldOnce };
}

describe(`${DELIVERIES} events of ${RUNS} runs over 50 models, repeated and out of order`, () => {
  it('become one card a run, within the limits of Slack', { timeout: TIMEOUT }, async () => {
    const world = openWorld(1);
    const announcer = world.openAnnouncer();

    const draw = createDraw();
    await burst(draw, world.pipeline.put, ({ id }) => announcer.onEvent(id), world.pause);
    await world.until(announcer.idle());

    world.expectEverythingToldOnce();
    expect(world.slack.violations()).toBe(0);
    expect(world.time.pending()).toBe(0);
  });

  it('become one card a run through the queue and its two functions', {
    timeout: TIMEOUT,
  }, async () => {
    const world = openWorld(2);
    const queue = createQueue(world.time);
    const draw = createDraw();
    await burst(draw, world.pipeline.put, queue.send, async () => {});

    const consumers = [1, 2].map(async () => {
      const entry = createAnnounceEntry({
        telemetry: silentTelemetry(),
        open: async () => world.openAnnouncer(),
        retryIn: async (handle, seconds) => queue.retryIn(handle, seconds),
        random: () => 0.5,
      });
      await queue.consume(entry);
    });
    await world.until(Promise.all(consumers));

    world.expectEverythingToldOnce();
    expect(world.slack.violations()).toBe(0);
    expect(queue.deadLetters).toEqual([]);
  });
});

interface QueuedHint {
  readonly record: SQSRecord;
  receives: number;
  visibleAt: number;
}

/** The queue of hints: at least once, in no order, ten at a time, with a dead-letter queue behind it. */
function createQueue({ clock, scheduler }: ReturnType<typeof createManualTime>) {
  const hints = new Map<string, QueuedHint>();
  const deadLetters: string[] = [];
  let sent = 0;
  let most = 0;
  const now = () => clock.now().getTime();

  function receive(): readonly QueuedHint[] {
    const visible = [...hints.values()].filter(({ visibleAt }) => visibleAt <= now()).slice(0, 10);
    for (const hint of visible) {
      hint.receives += 1;
      hint.visibleAt = now() + SECONDS_OF_FUNCTION * 6_000;
      most = Math.max(most, hint.receives);
    }
    return visible;
  }

  return {
    deadLetters,
    mostReceives: () => most,
    send({ id }: Run): void {
      sent += 1;
      const messageId = String(sent);
      const body = JSON.stringify({ source: 'mlops-bot', detail: { runId: id } });
      const record = { messageId, receiptHandle: messageId, body } as unknown as SQSRecord;
      hints.set(messageId, { record, receives: 0, visibleAt: 0 });
    },
    retryIn(handle: string, seconds: number): void {
      const hint = hints.get(handle);
      if (hint !== undefined) hint.visibleAt = now() + seconds * 1_000;
    },
    /** As Lambda polls, until nothing is left. */
    async consume(entry: ReturnType<typeof createAnnounceEntry>): Promise<void> {
      while (hints.size > 0) {
        const batch = receive();
        if (batch.length === 0) {
          await new Promise<void>((resolve) => scheduler.setTimeout(resolve, 1_000));
          continue;
        }
        const deadline = now() + SECONDS_OF_FUNCTION * 1_000;
        const Records = batch.map(({ record, receives }) => ({
          ...record,
          attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) },
        }));
        const { batchItemFailures } = await entry(
          { Records },
          { getRemainingTimeInMillis: () => deadline - now() },
        );
        expect(now()).toBeLessThan(deadline);
        const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        for (const { record, receives } of batch) {
          const isLost = failed.has(record.messageId) && receives >= MOST_RECEIVES;
          if (isLost) deadLetters.push(record.messageId);
          if (isLost || !failed.has(record.messageId)) hints.delete(record.messageId);
        }
      }
    },
  };
}
