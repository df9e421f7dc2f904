import { type Run, stageOf } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { message } from '../../blocks/message.ts';
import { bold, type Inline, instant, type Line, lines } from '../../blocks/rich-text.ts';
import type { Command } from '../../interaction/command.ts';
import { progressLine } from '../run/progress.ts';
import { cardLine } from './card-line.ts';
import { findRun, subjectOf } from './find-run.ts';

/** Not in help: “when was v2 deployed?”, “when does the approval expire?”. */
export const when: Command = {
  name: 'when',
  usage: '<deployed, approved, started, trained> [model] [version]',
  summary: 'When it happened, from the record.',
  examples: ['when was spam v2 deployed?'],
  options: 'any',
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const { run, isAsSaid } = await findRun(input, subjectOf(input));
    if (run === null)
      return answer('There is no run like that yet.', '/mlops runs lists the latest runs.');
    const now = input.tools.clock.now();
    const body: readonly Line[] = [
      [bold(headline(run))],
      ...(isAsSaid ? [] : [['That has not happened yet.']]),
      ...timesOf(run).map(([what, at]): Line => [`${what} `, at, `, ${fromNow(at, now)}`]),
      progressLine(run),
    ];
    return {
      ...message(headline(run), [lines(...body, ...(await cardLine(input.tools, run)))]),
      data: run,
    };
  },
};

function fromNow(at: Inline, now: Date): string {
  const seconds = typeof at === 'object' && at.type === 'date' ? at.timestamp : 0;
  const time = new Date(seconds * 1000);
  return time > now ? 'still to come' : ago(time.toISOString(), now);
}

/** The instants of a run that people ask for, in order. */
function timesOf(run: Run): readonly (readonly [string, Inline])[] {
  const { approval, deployment } = run;
  const known: readonly (readonly [string, string | null | undefined])[] = [
    ['Requested', run.createdAt],
    ['Trained', stageOf(run, 'train')?.endedAt],
    ['Approval asked for', approval?.requestedAt],
    ...(approval?.decisions ?? []).map(
      ({ outcome, at }) => [outcome === 'approved' ? 'Approved' : 'Rejected', at] as const,
    ),
    ['Approval expires', approval?.outcome === null ? approval.expiresAt : null],
    ['Live since', deployment?.verifiedAt],
    ['Rolled back', deployment?.revertedAt],
    ['Replaced', deployment?.replaced?.at],
    ['Ended', run.endedAt],
  ];
  return known.flatMap(([what, at]) =>
    at == null ? [] : [[what, instant(at, 'date and time')] as const],
  );
}
