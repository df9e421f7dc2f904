import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../bot/blocks/plain-text.ts';
import { lines } from '../../bot/blocks/rich-text.ts';
import { progressLine, secondsLeft } from '../../bot/features/run/progress.ts';
import { applyEvent } from '../../pipeline/core/apply-event/apply-event.ts';
import type { RunEvent } from '../../pipeline/core/events.ts';
import type { Run } from '../../pipeline/core/run.ts';

const recorded: readonly RunEvent[] = JSON.parse(
  readFileSync(new URL('recorded-run.json', import.meta.url), 'utf8'),
);

/** The run after each of its events. */
function states(events: readonly RunEvent[]): readonly (readonly [RunEvent, Run])[] {
  let run: Run | null = null;
  return events.flatMap((event) => {
    run = applyEvent(run, event);
    return run === null ? [] : [[event, run] as const];
  });
}

const at = (event: RunEvent): number => Date.parse(event.at) / 1000;

describe('the time left', () => {
  const all = states(recorded);
  const resumed = recorded.findIndex(({ type }) => type === 'TrainingResumed');
  const last = recorded.findLast(({ type }) => type === 'TrainingProgressed');

  it('is right within a factor of two on a recorded run, once it is shown', () => {
    // Nothing foretells the interruption, so what was said before it is not held against it.
    const said = all.slice(resumed).flatMap(([event, run]) => {
      const left = event.type === 'TrainingProgressed' ? secondsLeft(run) : null;
      return left === null || last === undefined ? [] : [{ left, real: at(last) - at(event) }];
    });
    const wrong = said.filter(
      ({ left, real }) => Math.abs(left - real) > 1 && (left > 2 * real || left < real / 2),
    );

    expect(said.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it('does not count the start of the job: 6 s of it preceded the first step', () => {
    const [, run] =
      all.find(([event]) => event.type === 'TrainingProgressed' && event.step === 180) ?? [];
    if (run === undefined) throw new Error('The recording has no step 180.');

    // 531 steps at 60 a second; with the start it would be 27 s.
    expect(secondsLeft(run)).toBeGreaterThan(8);
    expect(secondsLeft(run)).toBeLessThan(11);
  });

  it('is never about 0 seconds, and absent before the speed is known', () => {
    const shown = all.map(([, run]) => plainText({ blocks: [lines(progressLine(run))] }));

    expect(shown.join('\n')).toContain('left');
    expect(shown.filter((line) => /about 0 /.test(line))).toEqual([]);
    expect(shown.find((line) => line.includes('step 1 of 711'))).not.toContain('left');
    expect(shown.find((line) => line.includes('step 350 of 711'))).not.toContain('left');
  });
});
