import { reasonsOf } from '../../../pipeline/core/gate/verdict.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { observationText, sampleText } from '../../blocks/alert-words.ts';
import { answer } from '../../blocks/answer.ts';
import { baselineLine } from '../../blocks/baseline-line.ts';
import { dataLines, isStoppedByData } from '../../blocks/data-lines.ts';
import { shown } from '../../blocks/escape.ts';
import { headline } from '../../blocks/headline.ts';
import { message, modelFacts } from '../../blocks/message.ts';
import { bold, type Line, lines } from '../../blocks/rich-text.ts';
import { scoreLine } from '../../blocks/scores.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import type { Command, CommandInput, CommandTools, Reply } from '../../interaction/command.ts';
import { alertLine } from '../alerts/alerts-message.ts';
import { approvalLines } from '../approval/approval-lines.ts';
import { outcomeLines } from '../run/outcome-lines.ts';
import { cardLine } from './card-line.ts';
import { findRun, subjectOf } from './find-run.ts';

export const why: Command = {
  name: 'why',
  usage: '[model, version or run] […]',
  summary: 'Why a run was blocked, failed, waits or was rolled back, from its record.',
  examples: ['why spam', 'why was spam blocked?', 'why was v2 rejected?'],
  options: 'any',
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const subject = subjectOf(input);
    const { model, sentence } = subject;
    const isAlert =
      /\balert\w*|\balarm\w*|\bslow\w*|\bregress\w*/.test(sentence) ||
      (input.caller.about?.runId === null && sentence === '');
    const alerts = isAlert ? await alertsAnswer(input, model) : null;
    if (alerts !== null) return alerts;
    const { run, isAsSaid } = await findRun(input, subject);
    if (run === null)
      return answer('There is no run like that yet.', '/mlops runs lists the latest runs.');
    const because = [
      ...(isAsSaid ? [] : [['That did not happen. The newest run:']]),
      ...whyLines(run, input.tools),
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

async function alertsAnswer({ tools }: CommandInput, model: string | null): Promise<Reply | null> {
  const query = model === null ? {} : { model };
  const open = await tools.pipeline.listAlerts({ ...query, open: true, limit: 5 });
  const shownAlerts =
    open.length > 0 ? open : await tools.pipeline.listAlerts({ ...query, limit: 1 });
  if (shownAlerts.length === 0) return null;
  const explained = shownAlerts.flatMap((alert): Line[] => {
    const facts = modelFacts(tools.config, alert.model);
    const last = alert.opened?.by;
    return [
      alertLine(alert, facts.metric),
      ...(last === undefined
        ? []
        : [[observationText(alert.kind, last, facts), ', ', sampleText(last)]]),
    ];
  });
  return message('Why there is an alert', [lines(...explained)]);
}
