import type { RunId } from '../../../pipeline/core/run.ts';
import type { Choices } from '../engine/choices.ts';
import type { Process } from '../engine/process.ts';
import type { VirtualTime } from '../engine/virtual-time.ts';
import type { Monitor } from '../invariants/monitor.ts';
import { act, decide } from './act.ts';
import type { InSlack } from './in-slack.ts';
import { drawAnotherTry, drawReactions, type Intention, type Reaction } from './people.ts';

const MINUTE = 60_000;

/** Everybody who works with the product: they do what they set out to do, and try again if it fails. */
export interface Crowd {
  /** They look at a run that waits for approval. */
  lookAt(runId: RunId): void;
  setOut(intention: Intention): void;
  /** They hear that this run took a version out of production: its own, or by rolling back. */
  onLeft(runId: RunId): void;
  /** Runs whose start was confirmed to somebody. */
  readonly promised: ReadonlySet<RunId>;
}

export function createCrowd(options: {
  readonly choices: Choices;
  readonly time: VirtualTime;
  readonly monitor: Monitor;
  readonly process: () => Process | null;
  /** Null where the world has no Slack. */
  readonly inSlack: InSlack | null;
  readonly tell: (line: string) => void;
}): Crowd {
  const { choices, time, monitor, inSlack, tell } = options;
  const promised = new Set<RunId>();
  const asked = new Set<RunId>();

  async function tryToDecide(reaction: Reaction, tries: number): Promise<void> {
    const { attempt } = reaction;
    const again = () => {
      if (tries > 1) time.after(10 * MINUTE, () => void tryToDecide(reaction, tries - 1));
    };
    const process = options.process();
    if (process === null) return again();
    const slack = reaction.inSlack ? inSlack : null;
    const button = slack?.buttonFor(attempt) ?? null;
    if (slack !== null && button === null) return again();
    monitor.onAttempt(attempt);
    tell(`${attempt.by.name}: ${attempt.outcome} ${attempt.runId}${slack ? ' in Slack' : ''}`);
    await (slack === null || button === null
      ? decide(process.pipeline, attempt)
      : slack.decide(attempt, button)
    ).catch(again);
  }

  async function tryToAct(intention: Intention, tries: number): Promise<void> {
    const again = () => {
      if (tries > 1) time.after(10 * MINUTE, () => void tryToAct(intention, tries - 1));
    };
    const process = options.process();
    if (process === null) return again();
    const hand = inSlack !== null && intention.kind !== 'drop' ? intention.inSlack : null;
    tell(`${hand?.name ?? 'somebody'}: ${intention.kind} ${intention.model}`);
    try {
      if (inSlack !== null && hand !== null) return await inSlack.act(intention, hand);
      const acted = await act(process.pipeline, intention, choices);
      if (acted.kind === 'started') promised.add(acted.run.id);
    } catch {
      again();
    }
  }

  function setOut(intention: Intention): void {
    const times = 'times' in intention ? intention.times : 1;
    for (let i = 0; i < times; i++) {
      time.after(intention.at + i * 1000, () => void tryToAct(intention, 12));
    }
  }

  return {
    promised,
    lookAt(runId) {
      const run = monitor.record(runId);
      if (run?.approval == null || run.approval.outcome !== null || asked.has(runId)) return;
      asked.add(runId);
      inSlack?.look();
      for (const reaction of drawReactions(choices, run)) {
        for (let click = 0; click < reaction.clicks; click++) {
          time.after(reaction.delay + click * 300, () => void tryToDecide(reaction, 5));
        }
      }
    },
    setOut,
    onLeft(runId) {
      const run = monitor.record(runId);
      const again = run === undefined ? null : drawAnotherTry(choices, run);
      if (again !== null) setOut(again);
    },
  };
}
