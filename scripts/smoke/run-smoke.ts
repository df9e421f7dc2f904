import type { ModelConfig } from '../../pipeline/core/config.ts';
import { costOf, prices } from '../../pipeline/core/pricing.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { createStageCommands } from './ask-stage.ts';
import { cleanUp } from './clean-up.ts';
import { type Made, playSmoke } from './play-smoke.ts';
import type { SmokeStage } from './smoke-stage.ts';
import { createSteps, SmokeInterrupted } from './steps.ts';

export interface SmokeSurroundings {
  readonly stage: SmokeStage;
  readonly model: string;
  readonly config: ModelConfig;
  readonly approvalMinutes: number;
  readonly now: () => Date;
  readonly newRequestId: () => string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Aborted when the person at the terminal ends the test; the clean-up goes on. */
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

/** Exit codes: everything that was played came out; something did not; ended by a signal. */
const smokeExitCodes = { passed: 0, failed: 1, interrupted: 130 } as const;

/**
 * Plays the smoke test, then cleans up whatever happened, and sums up. Returns the exit code; a part of
 * the clean-up that failed makes it fail too.
 */
export async function runSmoke(around: SmokeSurroundings): Promise<number> {
  const { stage, model, config, approvalMinutes, now, newRequestId, sleep, interrupted, say } =
    around;
  const steps = createSteps({ now, say });
  const stamp = now()
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14);
  const made: Made = { file: null, fileName: `smoke-${stamp}.csv`, runs: new Set() };
  const asking = { commands: stage.commands, newRequestId, now };
  const commands = createStageCommands({
    ...asking,
    sleep: untilInterrupted(sleep, interrupted),
    requireGoingOn() {
      if (interrupted.aborted) throw new SmokeInterrupted();
    },
  });
  let exitCode: number = smokeExitCodes.passed;
  let played: readonly Run[] = [];
  try {
    played = await playSmoke({
      stage,
      commands,
      steps,
      model,
      config,
      approvalMinutes,
      now,
      made,
    });
  } catch (error) {
    // The step has said what broke.
    const isInterrupted = error instanceof SmokeInterrupted;
    exitCode = isInterrupted ? smokeExitCodes.interrupted : smokeExitCodes.failed;
  }
  say('');
  say('Cleaning up:');
  const calm = createStageCommands({ ...asking, sleep, requireGoingOn: () => {} });
  const isClean = await cleanUp({ stage, commands: calm, steps, model, made });
  if (!isClean && exitCode === smokeExitCodes.passed) exitCode = smokeExitCodes.failed;
  say('');
  for (const line of summary({ steps, played, made, model })) say(line);
  return exitCode;
}

/** Ends as soon as the test is interrupted. */
function untilInterrupted(sleep: (milliseconds: number) => Promise<void>, signal: AbortSignal) {
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return (milliseconds: number) => Promise.race([sleep(milliseconds), aborted]);
}

function summary({
  steps: { results },
  played,
  made,
  model,
}: {
  readonly steps: Pick<ReturnType<typeof createSteps>, 'results'>;
  readonly played: readonly Run[];
  readonly made: Made;
  readonly model: string;
}): readonly string[] {
  const count = (state: string) => results.filter((each) => each.state === state).length;
  const billed = costOf(played)?.billed ?? null;
  const broke = results.find(({ state }) => state === 'failed' || state === 'interrupted');
  const titles = results.filter(({ state }) => state === 'skipped').map(({ title }) => title);
  return [
    broke === undefined
      ? `✓ ${count('passed')} steps passed.`
      : `✗ It ${broke.state === 'failed' ? 'broke' : 'was interrupted'} at “${broke.title}”.`,
    ...(titles.length === 0 ? [] : [`– Not played: ${titles.join('; ')}.`]),
    ...(billed === null
      ? []
      : [`The jobs were billed about ${billed.toFixed(2)} USD (list prices of ${prices.asOf}).`]),
    ...(made.runs.size === 0
      ? []
      : [
          `These stay: the records of ${[...made.runs].join(', ')}, their files in S3, and a version in the registry.`,
          `A retrain of ${model} without a dataset may take ${made.fileName}; name one, or drop your own data first.`,
        ]),
  ];
}
