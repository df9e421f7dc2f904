import { describe, expect, it, onTestFinished } from 'vitest';
import { answerCommand } from '../../bot/features/answer-command.ts';
import { publishHome } from '../../bot/features/home/home-actions.ts';
import type { Bot } from '../../bot/interaction/bot.ts';
import { type AwsClients, createAwsClients } from '../../pipeline/aws/clients.ts';
import { createDynamoAlertStore } from '../../pipeline/aws/dynamo-alert-store.ts';
import { createDynamoAuditLog } from '../../pipeline/aws/dynamo-audit-log.ts';
import { createDynamoRunStore } from '../../pipeline/aws/dynamo-run-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFleetWorld } from '../load/fleet-world.ts';
import { isMotoInstalled, type Moto, testCredentials, testRegion, useMoto } from './moto.ts';

const MODELS = 2;
/** Enough runs of each model for a full answer, and five times as many. */
const SHORT = 50;
const LONG = 250;

const caller = {
  actor: { kind: 'person', id: 'U0ADA', name: 'Ada' },
  memberOf: ['U0ADA'],
  requestId: 'request',
} as const;

/** A team with a history on AWS, and what the questions to it cost. */
async function openTeam(moto: Moto, runs: number) {
  const clock = createFakeClock();
  const clients = createAwsClients({
    region: testRegion,
    endpoint: moto.endpoint(),
    credentials: testCredentials,
  });
  onTestFinished(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const table = { client: clients.dynamo, tableName: await moto.table() };
  const { deps, pipeline } = await createFleetWorld({
    models: MODELS,
    runs,
    clock,
    stores: {
      runs: createDynamoRunStore(table),
      audit: createDynamoAuditLog(table),
      alerts: createDynamoAlertStore(table),
      // What the versions cost there is in sagemaker-model-registry.test.ts.
      registry: createSqliteModelRegistry({ database: openDatabase(':memory:') }),
    },
  });
  const cost = countDynamo(clients);
  const tools = {
    config: deps.config,
    pipeline,
    clock,
    cards: { onEvent: () => {}, onAlert: () => {} },
    local: null,
    datasets: null,
    isRemote: true,
    schedules: {},
    cardLink: async () => null,
  };
  const views: unknown[] = [];
  const bot = {
    ...tools,
    people: { memberOf: async () => ['U0ADA'] },
    client: { views: { publish: async (view: unknown) => void views.push(view) } },
  } as unknown as Bot;

  /** What one question costs. */
  async function costOf(work: () => Promise<unknown>) {
    const before = { ...cost };
    await work();
    return {
      calls: cost.calls - before.calls,
      items: cost.items - before.items,
    };
  }

  return {
    ask: (text: string) =>
      costOf(async () => {
        const reply = await answerCommand({ ...tools, log: () => {} }, { text, caller });
        expect(reply?.problem).toBeUndefined();
      }),
    home: () => costOf(() => publishHome(bot, 'U0ADA')),
  };
}

/** Counts requests to DynamoDB and the items it read for them: those a filter drops too. */
function countDynamo({ dynamo }: Pick<AwsClients, 'dynamo'>) {
  const cost = { calls: 0, items: 0 };
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      const taken = await next(args);
      const output = taken.output as {
        ScannedCount?: number;
        Item?: object;
        Responses?: Readonly<Record<string, readonly object[]>>;
      };
      const batch = Object.values(output.Responses ?? {}).flat().length;
      cost.calls += 1;
      cost.items += (output.ScannedCount ?? 0) + (output.Item === undefined ? 0 : 1) + batch;
      return taken;
    },
    { step: 'initialize' },
  );
  return cost;
}

describe.skipIf(!isMotoInstalled)('what a question reads on AWS', () => {
  const moto = useMoto();

  it('does not grow with the history', { timeout: 60_000 }, async () => {
    const questions = [
      'status',
      'status model-1',
      'runs',
      'runs model-1',
      'versions model-1',
      'diff model-1 1 2',
      'alerts',
      'approvals',
      // A month without runs: both histories began after it.
      'costs 2026-01',
    ];
    const short = await openTeam(moto, SHORT);
    const long = await openTeam(moto, LONG);

    for (const question of questions) {
      expect([question, await long.ask(question)]).toEqual([question, await short.ask(question)]);
    }
    // It looks for entries of people among the newest 200, of which DynamoDB reads key and record.
    for (const question of ['audit', 'audit model-1']) {
      expect((await long.ask(question)).items).toBeLessThanOrEqual(400);
    }
    expect(await long.home()).toEqual(await short.home());
    expect(await long.ask('status')).toEqual({ calls: 5 * MODELS, items: 10 * MODELS });
  });
});
