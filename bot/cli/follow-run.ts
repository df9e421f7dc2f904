import { reasonsOf } from '../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { shown } from '../blocks/escape.ts';
import { headline } from '../blocks/headline.ts';
import { plainText } from '../blocks/plain-text.ts';
import { lines } from '../blocks/rich-text.ts';
import { progressLine } from '../features/run/progress.ts';
import { isSettled } from './exit-codes.ts';
import { type CliTransport, CliUnreachable } from './protocol.ts';

/** Failed looks in a row before following ends: enough for a restart or a short network fault. */
const MOST_MISSED = 30;

/**
 * Follows a run until it has ended or waits for people; `summary` is what to print then. A terminal
 * shows one line that is overwritten, a log one line for every new state.
 */
export async function followRun(
  started: Run,
  transport: Pick<CliTransport, 'run' | 'lookEveryMilliseconds'>,
  around: {
    readonly isTerminal: boolean;
    readonly error: (text: string) => void;
    readonly sleep: (milliseconds: number) => Promise<void>;
  },
): Promise<{ run: Run; summary: string }> {
  let run = started;
  let last = '';
  let missed = 0;
  while (!isSettled(run)) {
    const line = around.isTerminal ? lineOf(run) : stateOf(run);
    if (line !== last) around.error(around.isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    last = line;
    await around.sleep(transport.lookEveryMilliseconds);
    try {
      run = (await transport.run(run.id)) ?? run;
      missed = 0;
    } catch (error) {
      if (!(error instanceof CliUnreachable)) throw error;
      missed += 1;
      if (missed < MOST_MISSED && error.isPassing) continue;
      throw new CliUnreachable(
        `${error.message}\nNobody follows ${run.id} any more; mlops status ${run.id} tells how it goes on.`,
        { cause: error },
      );
    }
  }
  if (around.isTerminal) around.error('\r\u001b[K');
  return { run, summary: summaryOf(run) };
}

function lineOf(run: Run): string {
  const progress = progressLine(run);
  return progress.length === 0
    ? headline(run)
    : `${run.model}: ${plainText({ blocks: [lines(progress)] })}`;
}

/** Without the percentage, which would add a line to the log for every step. */
const stateOf = (run: Run): string => headline(run).replace(/, \d+ %$/, '');

function summaryOf(run: Run): string {
  const { failure, verdict } = run;
  const reasons = verdict === null || verdict.outcome === 'pass' ? [] : reasonsOf(verdict);
  return [
    headline(run),
    ...reasons.slice(0, 3).map((reason) => shown(reason, 240)),
    failure === null ? '' : shown(failure.message, 400),
    failure?.hint == null ? '' : shown(failure.hint, 300).replaceAll('/mlops ', 'mlops '),
    `Run ${run.id}`,
  ]
    .filter(Boolean)
    .join('\n');
}
