import { reasonsOf } from '../../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { baselineLine } from '../../blocks/baseline-line.ts';
import { dataLines, isStoppedByData } from '../../blocks/data-lines.ts';
import { shown } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import { message, modelFacts } from '../../blocks/message.ts';
import { bold, type Line, lines } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import type { Command, CommandTools } from '../../interaction/command.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { outcomeLines } from '../run/outcome-lines.ts';
import { cardLine } from './card-line.ts';
import { findRun, subjectOf } from './find-run.ts';
import { alertNamed, alertsAfter, alertsAnswer } from './why-alert.ts';

export const why: Command = {
  name: 'why',
  usage: '[model, version, run or alert] […]',
  summary: 'Why a run ended as it did or waits, and what changed before an alert, from the record.',
  examples: ['why spam', 'why was spam blocked?', 'why was v2 rejected?', 'why spam-latency-1'],
  options: 'any',
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const subject = subjectOf(input);
    const { model, sentence } = subject;
    const isAlert =
      /\balert\w*|\balarm\w*|\bslow\w*|\bregress\w*/.test(sentence) ||
      (input.caller.about?.runId === null && sentence === '') ||
      (await alertNamed(input.tools, input.words)) !== null;
    const alerts = isAlert ? await alertsAnswer(input, model) : null;
    if (alerts !== null) return alerts;
    const { run, isAsSaid } = await findRun(input, subject);
    if (run === null)
      return answer('There is no run like that yet.', '/mlops runs lists the latest runs.');
    const because = [
      ...(isAsSaid ? [] : [['That did not happen. The newest run:']]),
      ...whyLines(run, input.tools),
      ...(await alertsAfter(input.tools, run)),
    ];
    return {
      ...message(headline(run), [lines(...because, ...(await cardLine(input.tools, run)))]),
      data: run,
    };
  },
};

/** Everything in the record that led to the state the run is in. */
function whyLines(run: Run, { config }: Pick<CommandTools, 'config'>): readonly Line[] {
  const reasons = run.verdict === null ? [] : reasonsOf(run.verdict);
  const facts = modelFacts(config, run.model);
  return [
    [bold(headline(run))],
    ...triggerLines(run),
    ...(isStoppedByData(run) ? [] : dataLines(run, 5)),
    scoreLine(run, facts),
    baselineLine(run, facts),
    ...reasons.slice(0, 5).map((reason): Line => [`Gate: ${shown(reason, 300)}`]),
    ...approvalLines(run, true),
    ...outcomeLines(run),
  ].filter((line) => line.length > 0);
}
