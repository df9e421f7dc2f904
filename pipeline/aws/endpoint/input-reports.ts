import {
  addInputs,
  type InputCounts,
  noInputs,
  readInputCounts,
} from '../../core/alert/input-counts.ts';
import { errorName, isNotFound } from '../aws-errors.ts';
import type { CloudWatchLogsReader } from '../job-runner/job-logs.ts';
import { endpointLogGroup } from './failure-metric.ts';

/** Of the lines that `training/serving/toolkit_entry.py` writes once a minute. */
const EVENT = 'mlops.inputs';
/** Older reports are of no use: a busy endpoint has enough inputs in minutes. */
const OLDEST_MILLISECONDS = 7 * 24 * 3600 * 1000;
/** A page may be empty although there is another; what is not read by then is left out. */
const MAX_PAGES = 20;

/**
 * What the containers of a configuration report in the log of the endpoint. Not as metrics: each bin
 * would be one, at 0.30 USD a month. The model servers of some images put words of their own before
 * a line, which the embedded metric format does not survive either.
 */
export async function readInputReports(
  logs: Pick<CloudWatchLogsReader, 'filterLogEvents'>,
  query: {
    readonly endpointName: string;
    readonly configName: string;
    readonly since: Date | null;
    readonly now: Date;
  },
): Promise<InputCounts> {
  const oldest = query.now.getTime() - OLDEST_MILLISECONDS;
  // The one at `since` was counted by the look before.
  const startTime = Math.max(oldest, (query.since?.getTime() ?? 0) + 1);
  let sum = noInputs;
  let nextToken: string | undefined;
  try {
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await logs.filterLogEvents({
        logGroupName: endpointLogGroup(query.endpointName),
        filterPattern: `"${EVENT}"`,
        startTime,
        ...(nextToken === undefined ? {} : { nextToken }),
      });
      for (const { message = '' } of answer.events ?? []) {
        const counts = readReport(message, query.configName);
        if (counts !== null) sum = addInputs(sum, counts);
      }
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
  } catch (error) {
    // The group appears with the first request; a missing right must not stop the other looks.
    if (!isNotFound(error) && errorName(error) !== 'AccessDeniedException') throw error;
  }
  return sum;
}

function readReport(message: string, configName: string): InputCounts | null {
  try {
    const report: unknown = JSON.parse(message.slice(message.indexOf('{')));
    if (typeof report !== 'object' || report === null) return null;
    const { event, config } = report as Readonly<Record<string, unknown>>;
    return event === EVENT && config === configName ? readInputCounts(report) : null;
  } catch {
    return null;
  }
}
