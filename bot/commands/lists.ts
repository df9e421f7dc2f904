import { isApprover } from '../../pipeline/core/access.ts';
import { waits } from '../messages/headline.ts';
import { logsMessage, runsMessage, versionsMessage, waitingMessage } from '../messages/lists.ts';
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
    return runsMessage(await tools.pipeline.listRuns({ ...model, limit: MOST_RUNS }));
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
    return versionsMessage(model, registered, production?.version.version ?? null);
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
    return logsMessage(run.id, await tools.pipeline.logs(run.id, LOG_LINES));
  },
};

export const approvals: Command = {
  name: 'approvals',
  usage: '',
  summary: 'What waits for an approval, yours first.',
  examples: ['approvals'],
  options: [],
  most: 0,
  async run({ tools, caller }) {
    const active = await tools.pipeline.listRuns({ ended: false, limit: 200 });
    const waiting = active.filter(waits).map((run) => ({
      run,
      isMine: isApprover(tools.config, run.model, caller.memberOf),
    }));
    return waitingMessage(waiting.sort((a, b) => Number(b.isMine) - Number(a.isMine)));
  },
};
