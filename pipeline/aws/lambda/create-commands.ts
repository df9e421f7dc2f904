import { z } from 'zod';
import { MlopsError, toFailure } from '../../core/errors.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import type { Run } from '../../core/run.ts';
import type { Telemetry } from './telemetry.ts';

const MAX_REASON = 300;

const requestSchema = z.discriminatedUnion('command', [
  z.strictObject({
    command: z.literal('retrain'),
    model: z.string(),
    /** The same id starts one run, however often it is asked. */
    requestId: z.string().min(1).max(200),
    requestedBy: z.enum(['ci', 'schedule']),
    /** Such as the commit and the address of the workflow; kept in the run's record. */
    reason: z.string().max(MAX_REASON).nullable().default(null),
    hyperparameters: z.record(z.string(), z.string()).default({}),
  }),
  z.strictObject({ command: z.literal('getRun'), runId: z.string() }),
]);

/** What came of a command; a refusal is an answer, so that the caller reads the sentence. */
export type CommandAnswer =
  | { readonly status: 'ok'; readonly run: Run }
  | {
      readonly status: 'refused';
      readonly code: string;
      readonly message: string;
      readonly hint: string | null;
    };

/** Answers the JSON commands of CI and schedules; throws only what may be tried again. */
export function createCommands(options: {
  readonly pipeline: Pick<Pipeline, 'startRun' | 'getRun'>;
  readonly telemetry: Telemetry;
}): (request: unknown) => Promise<CommandAnswer> {
  const { pipeline, telemetry } = options;

  async function answer(request: z.output<typeof requestSchema>): Promise<Run> {
    if (request.command === 'retrain') {
      const { model, requestId, requestedBy, reason, hyperparameters } = request;
      const { run } = await pipeline.startRun({
        kind: 'retrain',
        requestId,
        model,
        requestedBy: { kind: 'system', name: requestedBy },
        reason,
        dataset: null,
        hyperparameters,
      });
      telemetry.logger.info('A run was asked for.', { runId: run.id });
      return run;
    }
    const run = await pipeline.getRun(request.runId);
    if (run === null) throw new MlopsError('RUN_UNKNOWN', `There is no run “${request.runId}”.`);
    return run;
  }

  return (request) =>
    telemetry.observe({}, async () => {
      const parsed = requestSchema.safeParse(request);
      if (!parsed.success) {
        const message = z.prettifyError(parsed.error);
        return { status: 'refused', code: 'REQUEST_INVALID', message, hint: null };
      }
      try {
        return { status: 'ok', run: await answer(parsed.data) };
      } catch (error) {
        if (!(error instanceof MlopsError) || error.retryable) throw error;
        return { status: 'refused', ...toFailure(error) };
      }
    });
}
