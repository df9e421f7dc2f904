import { isVotable, withVote } from '../../core/alert/votes.ts';
import { MlopsError } from '../../core/errors.ts';
import type { Pipeline, RateResult } from '../../core/pipeline.ts';
import type { FlowDeps } from '../flow-deps.ts';
import { knownAlert } from './alerts.ts';

const maxAttempts = 20;

/** Records a person's answer with the alert, whichever it is; others may be writing at the same time. */
export async function rateAlert(
  { alerts, clock }: Pick<FlowDeps, 'alerts' | 'clock'>,
  { alertId, by, isRight }: Parameters<Pipeline['rateAlert']>[0],
): Promise<RateResult> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await knownAlert({ alerts }, alertId);
    if (!isVotable(before)) return { status: 'too_early', alert: before };
    const after = withVote(before, { by, isRight, at: clock.now().toISOString() });
    if (after === before || (await alerts.replace(after))) {
      return { status: 'counted', alert: after };
    }
  }
  throw new MlopsError('CONFLICT', 'Too many changes to this alert at once.', { retryable: true });
}
