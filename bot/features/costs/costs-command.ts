import type { ModelStatus } from '../../../pipeline/core/pipeline.ts';
import { costOf, servingCost } from '../../../pipeline/core/pricing.ts';
import type { Run } from '../../../pipeline/core/run.ts';
import { answer } from '../../blocks/answer.ts';
import { shown } from '../../blocks/escape.ts';
import type { Command } from '../../interaction/command.ts';
import { costsMessage, type ModelCost } from './costs-message.ts';

/** More runs than a team starts in a month. */
const MAX_RUNS = 1_000;

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
    const [fleet, all] = await Promise.all([
      pipeline.fleet(),
      pipeline.listRuns({ limit: MAX_RUNS }),
    ]);
    const runs = all.filter(({ createdAt }) => createdAt.startsWith(month));
    const models = [...new Set([...fleet.map(({ name }) => name), ...runs.map((r) => r.model)])];
    const costs = {
      month,
      total: costOf(runs),
      models: models.map((model): ModelCost => {
        const own = runs.filter((run) => run.model === model);
        const status = fleet.find(({ name }) => name === model);
        return { model, runs: own.length, cost: costOf(own), serving: servingOf(status, all) };
      }),
    };
    return { ...costsMessage(costs), data: costs };
  },
};

/** The requests the endpoint has served, priced at the latency its evaluation measured. */
function servingOf(status: ModelStatus | undefined, runs: readonly Run[]): ModelCost['serving'] {
  if (status?.production == null || status.endpoint === null) return null;
  const maker = runs.find(({ id }) => id === status.production?.version.runId);
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
    const before = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
    return before.toISOString().slice(0, 7);
  }
  return /^\d{4}-(?:0[1-9]|1[0-2])$/.test(word) ? word : null;
}
