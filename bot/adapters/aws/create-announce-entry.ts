import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Telemetry } from '../../../pipeline/aws/lambda/telemetry.ts';
import { backOff } from '../../../pipeline/core/back-off.ts';
import type { Announcer } from '../../announcer/announcer.ts';
import { type RetryDelay, retryDelay } from '../../announcer/retry-delay.ts';
import { slackProblem } from '../../web-api/slack-problem.ts';
import { type Hint, readHint } from './read-hint.ts';

/** First and longest pause after a failure, in seconds; the queue counts the deliveries. */
const FIRST_RETRY = 5;
const LONGEST_RETRY = 900;
/** What is begun with less time left, in milliseconds, might be cut off: it goes back to the queue. */
const TIME_FOR_ONE = 25_000;
const OUT_OF_TIME: RetryDelay = { kind: 'rate_limited', seconds: 1 };
/** Time limit of one notice, so that the rest of its batch still fits into the function's timeout. */
const NOTICE_MILLISECONDS = 20_000;

/** As much of Lambda's context as is used. */
export type Remaining = Pick<Context, 'getRemainingTimeInMillis'>;

interface Work {
  readonly hint: Hint;
  readonly records: readonly SQSRecord[];
}

/**
 * Announces each subject of a batch of hints once, one after the other, because Slack accepts about
 * one message a second. A failed subject goes back to the queue for the pause that Slack asked for;
 * when Slack rate-limits the app, or the time of the invocation is nearly over, the rest of the batch
 * goes back too. Repeats are harmless: the
 * announcer's ledger knows what has been posted.
 */
export function createAnnounceEntry(options: {
  readonly telemetry: Telemetry;
  readonly open: () => Promise<Announcer>;
  readonly retryIn: (receiptHandle: string, seconds: number) => Promise<void>;
  /** From 0 to 1: spreads retries. */
  readonly random: () => number;
}): (event: SQSEvent, context: Remaining) => Promise<SQSBatchResponse> {
  const { telemetry, open, retryIn, random } = options;
  const { logger, metrics } = telemetry;
  let opening: Promise<Announcer> | null = null;

  function opened(): Promise<Announcer> {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  /** Null when it worked, otherwise when to retry. */
  async function attempt({ hint, records }: Work): Promise<RetryDelay | null> {
    try {
      await announce(await opened(), hint);
      return null;
    } catch (error) {
      metrics.addMetric('AnnouncementsDelayed', MetricUnit.Count, records.length);
      logger.warn('Slack could not be updated; it will be retried.', {
        subject: hint.subject,
        problem: slackProblem(error) ?? String(error),
      });
      const limits = { first: FIRST_RETRY, longest: LONGEST_RETRY, random: random() };
      return retryDelay(error, { ...limits, failures: deliveriesOf(records) });
    }
  }

  async function putBack(records: readonly SQSRecord[], delay: RetryDelay): Promise<void> {
    const failures = deliveriesOf(records);
    // In a burst all of them come back at once: without growing pauses some would use up the attempts
    // of the queue before it is their turn.
    const spread =
      delay.kind === 'rate_limited'
        ? backOff({ failures, first: 1, longest: LONGEST_RETRY, random: random() })
        : 0;
    // Never at once: another process may still be announcing.
    const seconds = Math.max(1, delay.seconds, spread);
    for (const { receiptHandle } of records) {
      await retryIn(receiptHandle, seconds).catch((error: unknown) =>
        // Then it comes back after the queue's visibility timeout.
        logger.warn('The visibility timeout of a message could not be set.', {
          error: String(error),
        }),
      );
    }
  }

  return ({ Records }, { getRemainingTimeInMillis: timeLeft }) =>
    telemetry.observe({}, async () => {
      const failed: SQSRecord[] = [];
      let limit: RetryDelay | null = null;
      for (const work of workOf(Records, (body) => logger.error('Not a hint.', { body }))) {
        if (timeLeft() < TIME_FOR_ONE) limit ??= OUT_OF_TIME;
        const delay: RetryDelay | null = limit ?? (await attempt(work));
        if (delay === null) continue;
        failed.push(...work.records);
        await putBack(work.records, delay);
        if (delay.kind === 'rate_limited') limit = delay;
      }
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
}

async function announce(announcer: Announcer, { about, redraw }: Hint): Promise<void> {
  switch (about.kind) {
    case 'run':
      return announcer.announce(about.runId, { redraw });
    case 'alert':
      return announcer.announceAlert(about.alertId, { redraw });
    case 'file_ignored':
      return withinTime(announcer.tell({ ...about, hint: null }));
    case 'retrain_refused':
      return withinTime(announcer.tell(about));
  }
}

async function withinTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('Slack did not accept a notice in time.')),
      NOTICE_MILLISECONDS,
    );
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Groups a batch by subject, in the order of arrival; messages that are not hints are dropped. */
function workOf(records: readonly SQSRecord[], drop: (body: string) => void): readonly Work[] {
  const bySubject = new Map<string, { hint: Hint; records: SQSRecord[] }>();
  for (const record of records) {
    const hint = readHint(record.body);
    if (hint === null) {
      drop(record.body.slice(0, 500));
      continue;
    }
    const known = bySubject.get(hint.subject);
    if (known === undefined) bySubject.set(hint.subject, { hint, records: [record] });
    else {
      known.records.push(record);
      known.hint = { ...hint, redraw: hint.redraw || known.hint.redraw };
    }
  }
  return [...bySubject.values()];
}

function deliveriesOf(records: readonly SQSRecord[]): number {
  return Math.max(
    ...records.map(({ attributes }) => Number(attributes.ApproximateReceiveCount) || 1),
  );
}
