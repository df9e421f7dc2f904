import { eachRun } from '../../../pipeline/core/each-run.ts';
import type { ModelStatus, Pipeline } from '../../../pipeline/core/pipeline.ts';
import { costOf, servingCost } from '../../../pipeline/core/pricing.ts';
import type { Instant, Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Command } from '../../interaction/command.ts';
import { costsMessage, type ModelCost } from './costs-message.ts';

export const costs: Command = {
  name: 'costs',
  usage: '[month]',
  summary: 'Estimated costs of training, evaluation and serving.',
  examples: ['costs', 'costs last', 'costs 2026-11'],
  options: [],
  maxWords: 1,
  async run({ words: [word], tools: { pipeline, clock } }) {
    const month = readMonth(word, clock.now());
    if (month === null) {
      const text = `“${shown(word ?? '', 40)}” is not a month.`;
      return { ...answer(text, 'Use a month such as 2026-11, or “last”.'), problem: 'usage' };
    }
    const [fleet, runs] = await Promise.all([pipeline.fleet(), runsOf(pipeline, month)]);
    const makers = await Promise.all(fleet.map(makerOfLive(pipeline)));
    const models = [...new Set([...fleet.map(({ name }) => name), ...runs.map((r) => r.model)])];
    const costs = {
      month,
      total: costOf(runs),
      models: models.map((model): ModelCost => {
        const own = runs.filter((run) => run.model === model);
        const index = fleet.findIndex(({ name }) => name === model);
        const serving = servingOf(fleet[index], makers[index] ?? null);
        return { model, runs: own.length, cost: costOf(own), serving };
      }),
    };
    return { ...costsMessage(costs), data: costs };
  },
};

/** The runs that began in the month, newest first. */
async function runsOf(
  pipeline: Pick<Pipeline, 'listRuns'>,
  month: string,
): Promise<readonly Run[]> {
  const createdFrom = firstOf(month, 0);
  const createdBefore = firstOf(month, 1);
  const runs: Run[] = [];
  const all = eachRun(pipeline.listRuns, { createdFrom, createdBefore });
  for await (const run of all) runs.push(run);
  return runs;
}

/** The first instant, in UTC, of the month that is so many after `month`. */
function firstOf(month: string, later: number): Instant {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + later, 1)).toISOString();
}

/** The run that made the version in production: its evaluation measured the latency. */
function makerOfLive(pipeline: Pick<Pipeline, 'getRun'>) {
  return async ({ production }: ModelStatus): Promise<Run | null> =>
    production === null ? null : pipeline.getRun(production.version.runId);
}

/** The requests the endpoint has served, priced at the latency its evaluation measured. */
function servingOf(status: ModelStatus | undefined, maker: Run | null): ModelCost['serving'] {
  if (status?.production == null || status.endpoint === null) return null;
  const milliseconds = maker?.evaluation?.candidate.latency.p50Milliseconds;
  if (milliseconds === undefined) return null;
  const { invocations } = status.endpoint;
  const served = { invocations, milliseconds, memoryMB: status.config.serving.memoryMB };
  return { ...served, dollars: servingCost(served) };
}

/** Reads `2026-11`, `last`, or nothing for this month; in UTC, as AWS bills. Null for anything else. */
function readMonth(word: string | undefined, now: Date): string | null {
  if (word === undefined) return now.toISOString().slice(0, 7);
  if (word.toLowerCase() === 'last') {
    return firstOf(now.toISOString().slice(0, 7), -1).slice(0, 7);
  }
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(word) ? word : null;
}
