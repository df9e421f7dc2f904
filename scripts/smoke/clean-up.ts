import { hasEnded, type Run } from '../../pipeline/core/run.ts';
import type { StageCommands } from './ask-stage.ts';
import { type Made, statusOf } from './play-smoke.ts';
import type { SmokeStage } from './smoke-stage.ts';
import { SmokeFailure, type Steps } from './steps.ts';

/** Longer than a deployment that can no longer be stopped. */
const END_MINUTES = 45;

/**
 * Ends the runs of the smoke test, takes its model out of production if it went live, and deletes its
 * file from the inbox. Each part is tried whatever became of the others; true when all came out.
 */
export async function cleanUp(options: {
  readonly stage: Pick<SmokeStage, 'remove'>;
  readonly commands: StageCommands;
  readonly steps: Steps;
  readonly model: string;
  readonly made: Made;
}): Promise<boolean> {
  const { stage, commands, steps, model, made } = options;
  const parts: boolean[] = [];
  const attempt = async (title: string, byHand: string, work: () => Promise<string | null>) => {
    const isDone = await steps
      .play({ title, lookAt: byHand }, async () => {
        return { value: true, found: (await work()) ?? 'nothing to do' };
      })
      .catch(() => false);
    parts.push(isDone);
  };

  await attempt('End its runs', `npx mlops --stage <stage> stop <run>`, async () => {
    if (made.file === null) return null;
    // Also one that the inbox started after the test had given up.
    const listed = await commands.ask<readonly Run[]>(['runs', model]);
    for (const { id, dataset } of listed) {
      if (dataset?.fileName === made.fileName) made.runs.add(id);
    }
    const ended: string[] = [];
    for (const id of made.runs) {
      if (hasEnded(await commands.run(id))) continue;
      await commands.ask(['stop', id]).catch((error: unknown) => {
        // Refused once the endpoint is being changed; then it ends by itself.
        if (!(error instanceof SmokeFailure)) throw error;
      });
      await commands.ended(id, END_MINUTES);
      ended.push(id);
    }
    return ended.length === 0 ? null : ended.join(', ');
  });
  await attempt(
    'Take it out of production',
    `npx mlops --stage <stage> retire ${model} reason="smoke test" --yes`,
    async () => {
      const { production } = await statusOf(commands, model);
      if (production === null || !made.runs.has(production.runId)) return null;
      const words = ['retire', model, 'reason=smoke test'];
      const { run } = await commands.ask<{ run: Run }>(words, true);
      const { outcome } = await commands.ended(run.id, END_MINUTES);
      if (outcome !== 'retired') throw new Error(`${run.id} ended as ${outcome}.`);
      return run.id;
    },
  );
  await attempt('Delete its file from the inbox', 'S3 in the AWS console', async () => {
    if (made.file === null) return null;
    const { bucket, key } = made.file;
    await stage.remove(bucket, key);
    return `s3://${bucket}/${key}`;
  });
  return parts.every(Boolean);
}
