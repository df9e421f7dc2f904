import { describe, expect, it } from 'vitest';
import { readInputReports } from '../../pipeline/aws/endpoint/input-reports.ts';
import { createJobLogs } from './sagemaker-server/job-logs.ts';

const now = new Date('2026-11-22T09:00:00.000Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const report = (config: string, words: readonly number[]) =>
  JSON.stringify({ event: 'mlops.inputs', config, inputs: 2, counts: { words } });

/** The log of the endpoint, as the images of AWS write it. */
function aLog() {
  const logs = createJobLogs();
  const add = (minutes: number, message: string) =>
    logs.report('spam', minutesAgo(minutes), message);
  add(60 * 24 * 8, report('spam-v7-aaaaaaaa', [9, 9]));
  add(30, report('spam-v7-aaaaaaaa', [1, 1]));
  add(20, report('spam-v6-bbbbbbbb', [9, 9]));
  add(10, `W-9000-model-stdout MODEL_LOG - ${report('spam-v7-aaaaaaaa', [0, 2])}`);
  add(9, 'W-9000-model-stdout MODEL_LOG - POST /invocations 200');
  add(8, 'mlops.inputs {"event": "mlops.inputs", "config": "spam-v7-aaaaaaaa", "inputs": "x"}');
  add(7, 'mlops.inputs {');
  return logs.reader;
}

const read = (logs: Parameters<typeof readInputReports>[0], since: Date | null) =>
  readInputReports(logs, { endpointName: 'spam', configName: 'spam-v7-aaaaaaaa', since, now });

describe('readInputReports', () => {
  it('adds up what the containers of the configuration report, of a week at most', async () => {
    expect(await read(aLog(), null)).toEqual({ inputs: 4, counts: { words: [1, 3] } });
  });

  it('leaves out what an earlier look has read', async () => {
    expect(await read(aLog(), minutesAgo(30))).toEqual({ inputs: 2, counts: { words: [0, 2] } });
  });

  it('reads every page, up to a limit', async () => {
    let pages = 0;
    const counts = await read(
      {
        async filterLogEvents() {
          pages += 1;
          return {
            events: [{ timestamp: 1, message: report('spam-v7-aaaaaaaa', [1, 1]) }],
            nextToken: 'more',
          };
        },
      },
      null,
    );

    expect([pages, counts.inputs]).toEqual([20, 40]);
  });

  const refusing = (name: string) => ({
    filterLogEvents: async () => {
      throw Object.assign(new Error('no'), { name });
    },
  });

  it.each(['ResourceNotFoundException', 'AccessDeniedException'])(
    'finds no inputs after %s',
    async (name) => {
      expect(await read(refusing(name), null)).toEqual({ inputs: 0, counts: {} });
    },
  );

  it('passes on other errors', async () => {
    await expect(read(refusing('ThrottlingException'), null)).rejects.toThrow('no');
  });
});
