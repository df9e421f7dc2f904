import { describe, expect, it } from 'vitest';
import {
  createServedModel,
  type ServedModelOptions,
} from '../../pipeline/local/endpoint-host/served-model.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { unset } from '../fakes/unset.ts';

/** Servers that end only when the test, or `stop`, says so. */
function makeServedModel(options: Partial<ServedModelOptions> = {}) {
  const clock = createFakeClock();
  const ends: ((reason: string) => void)[] = [];
  const model = createServedModel({
    configName: 'spam-v1-aaaaaaaa',
    maxConcurrency: 5,
    restartDelays: [0],
    retryFirstStart: false,
    onChange: () => {},
    now: () => clock.now(),
    async start(signal) {
      const ended = new Promise<string>((resolve) => {
        ends.push(resolve);
        signal.addEventListener('abort', () => resolve('It was stopped.'));
      });
      return { port: ends.length, ended };
    },
    ...options,
  });
  const crash = async () => {
    const ended = model.ended();
    (ends.at(-1) ?? unset('a server'))('It crashed.');
    await ended;
  };
  return { model, clock, crash };
}

describe('createServedModel', () => {
  it('gives the port of the next server after a crash', async () => {
    const { model, crash } = makeServedModel();
    const first = await model.port();

    await crash();

    expect([first, await model.port()]).toEqual([1, 2]);
    expect(model.state()).toBe('serving');
  });

  it('is broken when its restarts are used up', async () => {
    const { model, crash } = makeServedModel();
    for (let crashes = 1; crashes <= 2; crashes += 1) {
      await model.port();
      await crash();
    }

    expect(await model.port()).toBeNull();
    expect([model.state(), model.problem()]).toEqual(['broken', 'It crashed.']);
  });

  it('forgives crashes that lie long back', async () => {
    const { model, clock, crash } = makeServedModel();
    for (let crashes = 1; crashes <= 5; crashes += 1) {
      await model.port();
      clock.advance(61);
      await crash();
    }

    expect(await model.port()).toBe(6);
  });

  it.each([
    [false, 'broken', null],
    [true, 'serving', 7],
  ])('with retryFirstStart %s is %s after one failed start', async (retry, state, port) => {
    let starts = 0;
    const { model } = makeServedModel({
      retryFirstStart: retry,
      async start() {
        starts += 1;
        if (starts === 1) throw new Error('The model cannot be loaded.');
        return { port: 7, ended: new Promise(() => {}) };
      },
    });

    expect(await model.port()).toBe(port);
    expect(model.state()).toBe(state);
  });

  it('ends at once when stopped a second time, though requests are open', async () => {
    const { model } = makeServedModel();
    await model.port();
    void model.request(() => new Promise(() => {}));

    const patient = model.stop(3600);
    await model.stop(0);

    await expect(patient).resolves.toBeUndefined();
    expect(await model.port()).toBeNull();
  });

  it('accepts no more open requests than it may', async () => {
    const { model } = makeServedModel({ maxConcurrency: 1 });
    let finish = () => {};
    const first = model.request(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
    );
    const refused = model.request(async () => 'second');
    finish();
    await first;

    expect(refused).toBeNull();
    expect(await model.request(async () => 'third')).toBe('third');
  });
});
