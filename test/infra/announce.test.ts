import { WebAPIRateLimitedError } from '@slack/web-api';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createAnnounceEntry } from '../../bot/adapters/aws/create-announce-entry.ts';
import { readHint } from '../../bot/adapters/aws/read-hint.ts';
import type { Announcer } from '../../bot/announcer/announcer.ts';
import { AnnouncedElsewhere } from '../../bot/announcer/ledger.ts';
import { unset } from '../fakes/unset.ts';
import { silentTelemetry } from './silent-telemetry.ts';

function message(id: string, body: unknown, deliveries = 1): SQSRecord {
  return {
    messageId: id,
    receiptHandle: `handle ${id}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: String(deliveries) },
  } as unknown as SQSRecord;
}

const event = (detail: object) => ({ source: 'mlops-bot', detail });

function setUp(announcer: Partial<Announcer>, timeLeft: () => number = () => 60_000) {
  const pauses: [string, number][] = [];
  const entry = createAnnounceEntry({
    telemetry: silentTelemetry(),
    open: async () =>
      ({
        announce: () => unset('announce'),
        announceAlert: () => unset('announceAlert'),
        ...announcer,
      }) as Announcer,
    retryIn: async (handle, seconds) => void pauses.push([handle, seconds]),
    random: () => 1,
  });
  return {
    pauses,
    run: async (...Records: SQSRecord[]) =>
      (await entry({ Records }, { getRemainingTimeInMillis: timeLeft })).batchItemFailures.map(
        ({ itemIdentifier }) => itemIdentifier,
      ),
  };
}

describe('announce', () => {
  it('looks once at what several messages are about, redrawing when one of them asks', async () => {
    const looks: unknown[] = [];
    const { run } = setUp({
      announce: async (runId, options) => void looks.push([runId, options?.redraw]),
      announceAlert: async (id) => void looks.push([id]),
    });

    const failed = await run(
      message('1', event({ runId: 'spam-a', type: 'RunStarted' })),
      message('2', { kind: 'run', runId: 'spam-a', redraw: true }),
      message('3', event({ alertId: 'spam-latency-1', type: 'RegressionDetected' })),
    );

    expect(failed).toEqual([]);
    expect(looks).toEqual([['spam-a', true], ['spam-latency-1']]);
  });

  it('understands messages from before alerts had their name', async () => {
    const looks: unknown[] = [];
    const { run } = setUp({
      announceAlert: async (id, options) => void looks.push([id, options?.redraw]),
    });

    const failed = await run(
      message('1', { kind: 'incident', incidentId: 'spam-latency-1', redraw: true }),
      message('2', event({ incidentId: 'spam-errors-2', type: 'RegressionDetected' })),
    );

    expect(failed).toEqual([]);
    expect(looks).toEqual([
      ['spam-latency-1', true],
      ['spam-errors-2', false],
    ]);
  });

  it('lets everything wait as long as Slack says when it limits us', async () => {
    const looks: string[] = [];
    const { run, pauses } = setUp({
      announce: async (runId) => {
        looks.push(runId);
        throw new WebAPIRateLimitedError(30);
      },
    });

    const failed = await run(
      message('1', event({ runId: 'spam-a' })),
      message('2', event({ runId: 'spam-b' })),
    );

    expect(failed).toEqual(['1', '2']);
    expect(looks).toEqual(['spam-a']);
    expect(pauses).toEqual([
      ['handle 1', 30],
      ['handle 2', 30],
    ]);
  });

  it('puts back what it might not finish in time', async () => {
    let left = 60_000;
    const { run, pauses } = setUp(
      {
        announce: async () => {
          left -= 20_000;
        },
      },
      () => left,
    );

    const failed = await run(
      ...['a', 'b', 'c', 'd'].map((run) => message(run, event({ runId: `spam-${run}` }))),
    );

    expect(failed).toEqual(['c', 'd']);
    expect(pauses).toEqual([
      ['handle c', 1],
      ['handle d', 1],
    ]);
  });

  it('goes on with the others when one fails, pausing longer each time', async () => {
    const { run, pauses } = setUp({
      announce: async (runId) => {
        if (runId === 'spam-a') throw new Error('The table is busy.');
      },
    });

    const failed = await run(
      message('1', event({ runId: 'spam-a' }), 3),
      message('2', event({ runId: 'spam-b' })),
    );

    expect(failed).toEqual(['1']);
    expect(pauses).toEqual([['handle 1', 20]]);
  });

  it('comes back when another process will be done', async () => {
    const { run, pauses } = setUp({
      announce: async () => {
        throw new AnnouncedElsewhere(4_000);
      },
    });

    await run(message('1', event({ runId: 'spam-a' })));

    expect(pauses).toEqual([['handle 1', 4]]);
  });

  it('tells of an ignored file and waits until it is told', async () => {
    const told: unknown[] = [];
    const { run } = setUp({
      tell: async (notice) => told.push(notice) > 0,
    });

    await run(
      message('1', { kind: 'file_ignored', key: 'file k', fileName: 'a.txt', reason: 'No.' }),
    );

    expect(told).toEqual([
      { key: 'file k', kind: 'file_ignored', fileName: 'a.txt', reason: 'No.', hint: null },
    ]);
  });

  it('tells why a scheduled retrain was not started', async () => {
    const told: unknown[] = [];
    const { run } = setUp({
      tell: async (notice) => told.push(notice) > 0,
    });
    const refused = {
      kind: 'retrain_refused',
      key: 'schedule spam:2026-11-22T04:00:00Z',
      model: 'spam',
      reason: 'There is no valid dataset for spam yet.',
      hint: 'Drop a CSV or JSON Lines file first.',
    };

    await run(message('1', refused), message('2', refused));

    expect(told).toEqual([refused]);
  });

  it.each(['', 'text', '{}', '[1]', '{"kind":"run"}', '{"detail":{}}'])(
    'drops %j, which no repetition would make better',
    async (body) => {
      const { run } = setUp({});

      expect(await run(message('1', body))).toEqual([]);
      expect(readHint(body)).toBeNull();
    },
  );
});
