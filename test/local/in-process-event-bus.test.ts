import { describe, expect, it } from 'vitest';
import { type DomainEvent, isRunEvent } from '../../pipeline/core/events.ts';
import { createInProcessEventBus } from '../../pipeline/local/in-process-event-bus.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { runStarted } from '../fakes/samples.ts';

function makeBus() {
  const entries: LogEntry[] = [];
  const bus = createInProcessEventBus({ log: (entry) => entries.push(entry) });
  return { bus, entries };
}

const event = (runId: string) => runStarted({ runId });
const runOf = (published: DomainEvent) =>
  isRunEvent(published) ? published.runId : published.alertId;

describe('createInProcessEventBus', () => {
  it('never delivers inside the stack of the publisher', async () => {
    const { bus } = makeBus();
    const seen: string[] = [];
    bus.subscribe((published) => void seen.push(runOf(published)));

    const published = bus.publish(event('first'));
    const seenAtOnce = [...seen];
    await published;
    await bus.idle();

    expect(seenAtOnce).toEqual([]);
    expect(seen).toEqual(['first']);
  });

  it('delivers to a slow listener in the order of publishing', async () => {
    const { bus } = makeBus();
    const seen: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    bus.subscribe(async (published) => {
      if (runOf(published) === 'first') await released;
      seen.push(runOf(published));
    });
    const others: string[] = [];
    bus.subscribe((published) => void others.push(runOf(published)));

    await bus.publish(event('first'));
    await bus.publish(event('second'));
    await new Promise(setImmediate);
    const othersMeanwhile = [...others];
    release();
    await bus.idle();

    expect(othersMeanwhile).toEqual(['first', 'second']);
    expect(seen).toEqual(['first', 'second']);
  });

  it('logs what a listener throws and goes on', async () => {
    const { bus, entries } = makeBus();
    const failure = new Error('Slack is down.');
    const seen: string[] = [];
    bus.subscribe(() => {
      throw failure;
    });
    bus.subscribe((published) => void seen.push(runOf(published)));

    await bus.publish(event('first'));
    await bus.publish(event('second'));
    await bus.idle();

    expect(seen).toEqual(['first', 'second']);
    expect(entries).toEqual([
      { message: 'A listener failed on RunStarted.', about: 'first', error: failure },
      { message: 'A listener failed on RunStarted.', about: 'second', error: failure },
    ]);
  });

  it('calls no listener that has left', async () => {
    const { bus } = makeBus();
    const seen: string[] = [];
    const leave = bus.subscribe((published) => void seen.push(runOf(published)));
    await bus.publish(event('first'));
    await bus.idle();

    leave();
    await bus.publish(event('second'));
    await bus.idle();

    expect(seen).toEqual(['first']);
  });

  it('is idle only when what listeners publish in turn is delivered too', async () => {
    const { bus } = makeBus();
    const seen: string[] = [];
    bus.subscribe(async (published) => {
      seen.push(runOf(published));
      if (runOf(published) === 'first') await bus.publish(event('second'));
    });

    await bus.publish(event('first'));
    await bus.idle();

    expect(seen).toEqual(['first', 'second']);
  });
});
