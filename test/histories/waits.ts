// Each way in which a run waits, for hours or days, while a new version of the product is installed:
// how a run gets there, and what must become of it afterwards.
import type { Outcome } from '../../pipeline/core/run.ts';
import { type FlowWorld, grace } from '../flow/world.ts';

export interface Wait {
  /** Brings a run into the wait; returns its id. */
  readonly begin: (world: FlowWorld) => Promise<string>;
  /** What ends the wait. */
  readonly end: (world: FlowWorld, runId: string) => Promise<void>;
  readonly outcome: Outcome;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

const answered = (label: string) => JSON.stringify([{ label, score: 0.9 }]);
const rightAnswer = (body: string) => answered(JSON.parse(body).inputs);

/** A run whose job of this kind goes on. */
async function withRunning(world: FlowWorld, kind: 'train' | 'evaluate'): Promise<string> {
  world.jobs.plan((spec) => (spec.kind === kind ? 'running' : world.complete(spec)));
  const id = await world.retrain('first');
  await world.advance(HOUR);
  return id;
}

async function endJob(world: FlowWorld, runId: string): Promise<void> {
  for (const spec of world.jobs.specs) {
    const job = await world.jobs.describe(spec.name);
    if (job?.status === 'InProgress') world.jobs.end(spec.name, world.complete(spec));
  }
  world.jobs.plan(world.complete);
  await world.advance(HOUR);
  await world.decide(runId, grace);
  await world.advance(HOUR);
}

/** A second version, approved while the endpoint of the first takes its time. */
async function withChangingEndpoint(world: FlowWorld): Promise<string> {
  await world.deployed('first');
  const id = await world.retrain('second');
  world.endpoints.behave('waits');
  await world.decide(id, grace);
  await world.advance(5 * MINUTE);
  return id;
}

async function settle(world: FlowWorld): Promise<void> {
  world.endpoints.behave('settles');
  world.endpoints.settle('spam');
  await world.advance(2 * HOUR);
}

export const waits: Readonly<Record<string, Wait>> = {
  training: {
    begin: (world) => withRunning(world, 'train'),
    end: endJob,
    outcome: 'deployed',
  },
  evaluation: {
    begin: (world) => withRunning(world, 'evaluate'),
    end: endJob,
    outcome: 'deployed',
  },
  retry: {
    async begin(world) {
      world.registry.register = async () => {
        throw new Error('Rate exceeded');
      };
      const id = await world.retrain('first');
      await world.advance(10 * MINUTE);
      return id;
    },
    async end(world, runId) {
      await world.advance(HOUR);
      await world.decide(runId, grace);
      await world.advance(HOUR);
    },
    outcome: 'deployed',
  },
  approval: {
    async begin(world) {
      const id = await world.retrain('first');
      await world.advance(2 * HOUR);
      return id;
    },
    async end(world, runId) {
      await world.decide(runId, grace);
      await world.advance(HOUR);
    },
    outcome: 'deployed',
  },
  expiry: {
    async begin(world) {
      const id = await world.retrain('first');
      await world.advance(2 * HOUR);
      return id;
    },
    end: (world) => world.advance(30 * 24 * HOUR),
    outcome: 'expired',
  },
  endpoint: {
    begin: withChangingEndpoint,
    end: settle,
    outcome: 'deployed',
  },
  lease: {
    async begin(world) {
      await world.deployed('first');
      const [second, third] = [await world.retrain('second'), await world.retrain('third')];
      world.endpoints.behave('waits');
      await world.decide(second, grace);
      await world.decide(third, grace);
      await world.advance(5 * MINUTE);
      return third;
    },
    end: settle,
    // It was compared with the first version, and the second one is live by then.
    outcome: 'superseded',
  },
  watch: {
    async begin(world) {
      await world.deployed('first');
      const id = await world.retrain('second');
      await world.decide(id, grace);
      await world.advance(3 * MINUTE);
      return id;
    },
    end: (world) => world.advance(2 * HOUR),
    outcome: 'deployed',
  },
  'put back': {
    async begin(world) {
      await world.deployed('first');
      const id = await world.retrain('second');
      world.endpoints.answer((body, { version }) => {
        if (version === 1) return rightAnswer(body);
        world.endpoints.behave('waits');
        return answered('wrong');
      });
      await world.decide(id, grace);
      await world.advance(5 * MINUTE);
      return id;
    },
    end: settle,
    outcome: 'failed',
  },
};
