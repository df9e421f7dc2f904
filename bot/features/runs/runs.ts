import type { Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { headline } from '../../blocks/headline.ts';
import { type Message, message } from '../../blocks/message.ts';
import {
  bold,
  bullets,
  code,
  instant,
  type Line,
  richText,
  section,
} from '../../blocks/rich-text.ts';
import { readModel } from '../../interaction/arguments.ts';
import type { Command } from '../../interaction/command.ts';

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
    return { ...runsMessage(found), data: found };
  },
};

/** The answer of `/mlops runs`. */
export function runsMessage(runs: readonly Run[]): Message {
  if (runs.length === 0) return answer('There are no runs yet.', '/mlops retrain starts one.');
  return message('Latest runs', [
    richText(section(bold('Latest runs')), bullets(runs.map(runLine))),
  ]);
}

function runLine(run: Run): Line {
  return [headline(run), ', ', instant(run.createdAt, 'date and time'), ' · ', code(run.id)];
}
