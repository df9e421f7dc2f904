import { maskSecrets } from '../../pipeline/core/mask-secrets.ts';
import { logsMessage, runsMessage, versionsMessage } from '../messages/lists.ts';
import { readModel, readRun } from './arguments.ts';
import type { Command } from './command.ts';

const MOST_RUNS = 10;
const LOG_LINES = 40;

export const runs: Command = {
  name: 'runs',
  usage: '[model]',
  summary: 'The newest runs.',
  examples: ['runs', 'runs spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools }) {
    const model = word === undefined ? {} : { model: readModel(tools, word) };
    const found = await tools.pipeline.listRuns({ ...model, limit: MOST_RUNS });
    return { ...runsMessage(found), data: found };
  },
};

export const versions: Command = {
  name: 'versions',
  usage: '<model>',
  summary: 'The registered versions of a model, newest first.',
  examples: ['versions spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools }) {
    const model = readModel(tools, word);
    const [registered, { production }] = await Promise.all([
      tools.pipeline.listVersions(model),
      tools.pipeline.modelStatus(model),
    ]);
    const live = production?.version.version ?? null;
    const data = { model, production: live, versions: registered };
    return { ...versionsMessage(model, registered, live), data };
  },
};

export const logs: Command = {
  name: 'logs',
  usage: '<run or model>',
  summary: `The last ${LOG_LINES} lines of a run's newest job.`,
  examples: ['logs spam'],
  options: [],
  most: 1,
  async run({ words: [word], tools }) {
    const run = await readRun(tools, word, 'any');
    const printed = await tools.pipeline.logs(run.id, LOG_LINES);
    // Masked as one text: a private key spans lines.
    const log = printed.length === 0 ? [] : maskSecrets(printed.join('\n')).split('\n');
    return { ...logsMessage(run.id, log), data: { run: run.id, lines: log } };
  },
};
