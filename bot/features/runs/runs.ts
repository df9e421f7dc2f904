import { hasEnded, type Run } from '../../../pipeline/core/run.ts';
import { ago } from '../../blocks/ago.ts';
import { answer } from '../../blocks/answer.ts';
import { headline, isWaitingForApproval } from '../../blocks/headline.ts';
import { itemWithMenu, type MenuItem, openCard } from '../../blocks/menu.ts';
import { type Message, message } from '../../blocks/message.ts';
import { bold, lines } from '../../blocks/rich-text.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';
import { nextAttempt } from '../retry/next-attempt.ts';

const MAX_RUNS = 10;

export const runs: Command = {
  name: 'runs',
  usage: '[model]',
  summary: 'The latest runs.',
  examples: ['runs', 'runs spam'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const found = await tools.pipeline.listRuns({ ...model, limit: MAX_RUNS });
    const links = await Promise.all(found.map(({ id }) => tools.cardLink(id)));
    const listed = found.map((run, index) => ({ run, link: links[index] ?? null }));
    return { ...runsMessage(listed, tools.clock.now()), data: found };
  },
};

/** The answer of `/mlops runs`; `link` leads to the card of a run. */
export function runsMessage(
  runs: readonly { readonly run: Run; readonly link: string | null }[],
  now: Date,
): Message {
  if (runs.length === 0) return answer('There are no runs yet.', '/mlops retrain starts one.');
  return message('Latest runs', [
    lines([bold('Latest runs')]),
    ...runs.map(({ run, link }) =>
      itemWithMenu(`${headline(run)}, ${ago(run.createdAt, now)} · ${run.id}`, [
        openCard(link),
        ...runMenu(run),
      ]),
    ),
  ]);
}

/** What can be done with a run, as commands. */
function runMenu(run: Run): readonly MenuItem[] {
  const { id } = run;
  const common = [
    { label: 'Why?', command: `why ${id}` },
    { label: 'Log', command: `logs ${id}` },
  ];
  if (isWaitingForApproval(run)) {
    return [{ label: 'Approve or reject…', command: `approve ${id}` }, ...common];
  }
  if (!hasEnded(run)) return [...common, { label: 'Stop', command: `stop ${id}` }];
  return nextAttempt(run) === null
    ? common
    : [...common, { label: 'Retry', command: `retry ${id}` }];
}
