import type { FakeClock } from '../fakes/fake-clock.ts';
import type { Misbehaviour, Mood } from './fake-slack-types.ts';

/** No answer but 500 to anything until the clock is `seconds` further. */
export function downFor(seconds: number, clock: FakeClock): Mood {
  const until = clock.now().getTime() + seconds * 1000;
  return () => (clock.now().getTime() < until ? { kind: 'down' } : undefined);
}

/** Refuses these methods until somebody does something about it. */
export function refusing(error: string, methods: readonly string[], isMended: () => boolean): Mood {
  return ({ method }) =>
    methods.includes(method) && !isMended() ? { kind: 'error', error } : undefined;
}

/** A workspace that does not know this kind of block (yet): every message with one is refused. */
export function refusingBlocks(type: string): Mood {
  return ({ fields }) =>
    fields.blocks?.includes(`{"type":"${type}"`)
      ? { kind: 'error', error: 'invalid_blocks' }
      : undefined;
}

/** Slack's rate for posting: one message a second, per channel; 429 for every other. */
export function onePostASecond(clock: FakeClock): Mood {
  let opensAt = 0;
  return ({ method }): Misbehaviour | undefined => {
    if (method !== 'chat.postMessage') return;
    const now = clock.now().getTime();
    if (now < opensAt) return { kind: 'rate_limited', seconds: Math.ceil((opensAt - now) / 1000) };
    opensAt = now + 1000;
    return undefined;
  };
}
