import { type BackOff, backOff } from '../../pipeline/core/back-off.ts';
import { slackProblem } from '../web-api/slack-problem.ts';
import { AnnouncedElsewhere } from './ledger.ts';

export interface RetryDelay {
  /**
   * `elsewhere`: another process is announcing the same. `rate_limited`: Slack takes nothing from
   * us until then, whatever it is about. `failed`: only this announcement waits.
   */
  readonly kind: 'elsewhere' | 'rate_limited' | 'failed';
  readonly seconds: number;
}

/** When an announcement that threw `error` is tried again; the limits are in seconds. */
export function retryDelay(error: unknown, limits: BackOff): RetryDelay {
  if (error instanceof AnnouncedElsewhere) {
    return { kind: 'elsewhere', seconds: error.milliseconds / 1000 };
  }
  const problem = slackProblem(error);
  if (problem?.kind === 'rate_limited') return { kind: 'rate_limited', seconds: problem.seconds };
  return { kind: 'failed', seconds: backOff(limits) };
}
