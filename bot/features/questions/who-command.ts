import { deployedVersion, type Run } from '../../../pipeline/core/run.ts';
import { actorFirst, actorName } from '../../blocks/actor.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { message } from '../../blocks/message.ts';
import { bold, instant, type Line, lines } from '../../blocks/rich-text.ts';
import { triggerLines } from '../../blocks/trigger.ts';
import type { Command, CommandInput, Reply } from '../../interaction/command.ts';
import { decisionLine } from '../approval/approval-lines.ts';
import { cardLine } from './card-line.ts';
import { findRun, subjectOf } from './find-run.ts';

/** Not in help: “who approved v2?”, “who can approve?”. */
export const who: Command = {
  name: 'who',
  usage: '<approved, rejected, started, stopped, rolled back> [model] [version]',
  summary: 'Who did it, from the record.',
  examples: ['who approved spam v2?', 'who can approve spam?'],
  options: 'any',
  maxWords: Number.POSITIVE_INFINITY,
  async run(input) {
    const subject = subjectOf(input);
    const { model, sentence } = subject;
    if (/\b(?:can|may|must|has to|should)\b|\bapprovers?\b|\boperators?\b/.test(sentence)) {
      return rightsAnswer(input, model);
    }
    const { run, isAsSaid } = await findRun(input, subject);
    if (run === null)
      return answer('There is no run like that yet.', '/mlops runs lists the latest runs.');
    const body = isAsSaid ? whoLines(run, sentence) : [];
    const said = body.length > 0 ? body : [[`No one did: ${headline(run)}.`]];
    const [first = []] = said;
    const text = first.filter((part) => typeof part === 'string').join('') || headline(run);
    return { ...message(text, [lines(...said, ...(await cardLine(input.tools, run)))]), data: run };
  },
};

function whoLines(run: Run, sentence: string): readonly Line[] {
  const decisions = run.approval?.decisions ?? [];
  if (/\bapprov|\baccept|\breject|\bdeclin|\bdecid/.test(sentence)) {
    const wanted = /\breject|\bdeclin/.test(sentence) ? 'rejected' : 'approved';
    const given = /\bdecid/.test(sentence)
      ? decisions
      : decisions.filter(({ outcome }) => outcome === wanted);
    return given.map((decision) => [bold(nameOf(run)), ' · ', ...decisionLine(decision, true)]);
  }
  if (/\bstop|\bcancel/.test(sentence) && run.stopRequestedBy !== null) {
    return [[bold(actorFirst(run.stopRequestedBy)), ` stopped it: ${headline(run)}.`]];
  }
  return [
    ...triggerLines(run),
    ['Requested ', instant(run.createdAt, 'date and time')],
    ...(deployedVersion(run) === null
      ? []
      : decisions.map((decision) => decisionLine(decision, true))),
  ];
}

const nameOf = ({ model, version }: Run): string =>
  version === null ? model : `${model} v${version}`;

async function rightsAnswer({ tools }: CommandInput, model: string | null): Promise<Reply> {
  const { config, people } = tools;
  const named = async (ids: readonly string[]) =>
    Promise.all(
      ids.map(async (id) =>
        /^[UW]/.test(id) && people !== undefined ? actorName(await people.actorOf(id)) : id,
      ),
    );
  const models = Object.entries(config.models).filter(([name]) => model === null || name === model);
  const approving = await Promise.all(
    models
      .slice(0, 10)
      .map(
        async ([name, { approval }]): Promise<Line> => [
          bold(name),
          approval.mode === 'people'
            ? `: approved by ${(await named(approval.approvers)).join(', ')}`
            : ': approved by policy when the gate passes',
        ],
      ),
  );
  const operators =
    config.operators === 'everyone' ? 'everyone' : (await named(config.operators)).join(', ');
  return message('Who may do what', [lines(...approving, [bold('Operators'), `: ${operators}`])]);
}
