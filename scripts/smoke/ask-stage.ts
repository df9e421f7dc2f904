import { type CliReply, CliUnreachable } from '../../bot/cli/protocol.ts';
import { hasEnded, type Run, type RunId } from '../../pipeline/core/run.ts';
import type { SmokeStage } from './smoke-stage.ts';
import { SmokeFailure } from './steps.ts';

const LOOK_EVERY_MILLISECONDS = 5_000;

/** The commands that the smoke test gives, as functions. */
export function createStageCommands(options: {
  readonly commands: SmokeStage['commands'];
  readonly newRequestId: () => string;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Throws when the test was interrupted. */
  readonly requireGoingOn: () => void;
}) {
  const { commands, newRequestId, now, sleep, requireGoingOn } = options;

  /** The data of the answer. @throws {SmokeFailure} when it was refused or not understood. */
  async function ask<T>(words: readonly string[], isConfirmed = false): Promise<T> {
    requireGoingOn();
    const requestId = newRequestId();
    const reply: CliReply = await commands.command({ words, as: null, isConfirmed, requestId });
    if (reply.kind === 'error') {
      throw new SmokeFailure([reply.message, reply.hint].filter(Boolean).join(' '));
    }
    if (reply.problem !== null) {
      throw new SmokeFailure(`“${words.join(' ')}” was refused: ${reply.text}`);
    }
    return reply.data as T;
  }

  /** Looks until there is something; a look that no one answered is repeated. */
  async function until<T>(
    what: string,
    minutes: number,
    look: () => Promise<T | null>,
  ): Promise<T> {
    const end = now().getTime() + minutes * 60_000;
    for (;;) {
      const found = await look().catch((error: unknown) => {
        if (error instanceof CliUnreachable && error.isPassing) return null;
        throw error;
      });
      if (found !== null) return found;
      if (now().getTime() >= end) {
        throw new SmokeFailure(`${what} did not happen within ${minutes} minutes.`);
      }
      await sleep(LOOK_EVERY_MILLISECONDS);
      requireGoingOn();
    }
  }

  async function run(id: RunId): Promise<Run> {
    const found = await commands.run(id);
    if (found === null) throw new SmokeFailure(`There is no run ${id} any more.`);
    return found;
  }

  return {
    ask,
    until,
    run,
    /** The run once it has ended. */
    ended: (id: RunId, minutes: number): Promise<Run> =>
      until(`The end of ${id}`, minutes, async () => {
        const found = await run(id);
        return hasEnded(found) ? found : null;
      }),
  };
}

export type StageCommands = ReturnType<typeof createStageCommands>;
