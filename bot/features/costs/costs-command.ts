import { closest } from '../../../pipeline/core/closest.ts';
import type { Config } from '../../../pipeline/core/config.ts';
import { eachRun } from '../../../pipeline/core/each-run.ts';
import type { ModelStatus, Pipeline } from '../../../pipeline/core/pipeline.ts';
import { costOf, servingCost } from '../../../pipeline/core/pricing.ts';
import type { Instant, Run } from '../../../pipeline/core/run.ts';
import { shown } from '../../blocks/escape.ts';
import type { Command } from '../../interaction/command.ts';
import { Misread, replacing } from '../../interaction/misread.ts';
import { costsMessage, type ModelCost } from './costs-message.ts';
import { readMonth } from './read-month.ts';

export const costs: Command = {
  name: 'costs',
  usage: '[model] [month]',
  summary: 'Estimated costs of training, evaluation and serving.',
  examples: ['costs', 'costs last month', 'costs spam 2026-11'],
  options: [],
  maxWords: 4,
  async run({ words, tools: { config, pipeline, clock } }) {
    const [first = '', ...rest] = words;
    const wanted = Object.hasOwn(config.models, first.toLowerCase()) ? first.toLowerCase() : null;
    const month = readMonth(wanted === null ? words : rest, clock.now());
    if (month === null) throw notAMonth(wanted === null ? words : rest, config);
    const [fleet, runs] = await Promise.all([pipeline.fleet(), runsOf(pipeline, month)]);
    const isNow = month === readMonth([], clock.now());
    const makers = await Promise.all(fleet.map(makerOfLive(pipeline)));
    const all = [...new Set([...fleet.map(({ name }) => name), ...runs.map((r) => r.model)])];
    const models = all.filter((model) => wanted === null || model === wanted);
    const costs = {
      month,
      total: costOf(runs.filter((run) => wanted === null || run.model === wanted)),
      models: models.map((model): ModelCost => {
        const own = runs.filter((run) => run.model === model);
        const index = fleet.findIndex(({ name }) => name === model);
        // The endpoint counts since its last change, not by month.
        const serving = isNow ? servingOf(fleet[index], makers[index] ?? null) : null;
        return { model, runs: own.length, cost: costOf(own), serving };
      }),
    };
    return { ...costsMessage(costs), data: costs };
  },
};

/** A word that is neither a model nor a month. */
function notAMonth(words: readonly string[], { models }: Config): Misread {
  const [first = ''] = words;
  const near = /\d/.test(first) ? null : closest(first, Object.keys(models));
  return new Misread('REQUEST_INVALID', `“${shown(words.join(' '), 40)}” is not a month.`, {
    ...(near === null ? { hint: 'Use a month such as 2026-11 or October, or “last month”.' } : {}),
    corrections: near === null ? [] : [replacing(first, near)],
  });
}

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
