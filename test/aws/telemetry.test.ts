import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { measuredBus } from '../../pipeline/aws/lambda/measured-bus.ts';
import { createTelemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import { createRecordingEventBus } from '../fakes/recording-event-bus.ts';
import { runStarted } from '../fakes/samples.ts';

/** What a function writes into its log. */
let lines: string[] = [];
let warnings: unknown[] = [];

beforeEach(() => {
  lines = [];
  warnings = [];
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'mlops-bot');
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'warn').mockImplementation((warning) => void warnings.push(warning));
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const figures = () => lines.map((line) => JSON.parse(line));

describe('the figures of a function', () => {
  it('count an event under its model, whichever function published it', async () => {
    const { metrics } = createTelemetry('ingest');
    const bus = measuredBus(createRecordingEventBus(), metrics);

    await bus.publish(runStarted());

    const [figure] = figures();
    expect(figure).toMatchObject({ service: 'runs', model: 'spam', RunStarted: 1 });
    expect(figure._aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'model']]);
    expect(warnings).toEqual([]);
  });

  it('say when its work failed', async () => {
    const { observe, logger } = createTelemetry('ingest');
    vi.spyOn(logger, 'error').mockReturnValue();

    const work = observe({}, () => Promise.reject(new Error('S3 is slow.')));

    await expect(work).rejects.toThrow('S3 is slow.');
    expect(figures()).toContainEqual(expect.objectContaining({ service: 'ingest', Failures: 1 }));
  });

  it('leave the keys of the work in its lines, and only there', async () => {
    const telemetry = createTelemetry('slack');
    const written: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void written.push(line));

    await telemetry.observe({ request: 'r1' }, async () => telemetry.log('first'));
    await telemetry.observe({ request: 'r2' }, async () => telemetry.log('second'));
    telemetry.log('third');

    expect(written.map((line) => JSON.parse(line).request)).toEqual(['r1', 'r2', undefined]);
  });

  it('leave the log alone when there is nothing to count', async () => {
    const { observe } = createTelemetry('signals');
    await observe({}, async () => {});
    lines = [];

    await observe({}, async () => {});

    expect([lines, warnings]).toEqual([[], []]);
  });
});

describe('the log of a function', () => {
  it('names no secret of a sentence, a field, an error or its cause', () => {
    const said: string[] = [];
    for (const method of ['warn', 'error', 'info'] as const) {
      vi.spyOn(console, method).mockImplementation((line: string) => void said.push(line));
    }
    const { log, logger } = createTelemetry('slack');
    const token = 'xoxb-12-34-abcDEF';
    const cause = Object.assign(new Error(`refused ${token}`), {
      headers: { authorization: token },
    });

    log(`Slack refused ${token}`);
    logger.info('An event.', { event: { body: `token=${token}`, password: 'hunter2' } });
    logger.error('The work failed.', new Error(`POST with ${token}`, { cause }));

    expect(said).toHaveLength(3);
    expect(said.join('\n')).not.toMatch(/xoxb-|hunter2/);
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ message: 'Slack refused ••••' });
  });

  it('has the errors of durable steps with run, step and stack, without secrets', () => {
    const { logError } = createTelemetry('pipeline');
    const written: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line: string) => void written.push(line));

    const error = new Error('Refused: password=hunter2');
    logError({ message: 'A step failed.', runId: 'spam-abcdefgh', step: 'register', error });

    const [line = ''] = written;
    expect(JSON.parse(line)).toMatchObject({
      message: 'A step failed.',
      runId: 'spam-abcdefgh',
      step: 'register',
    });
    expect(line).toContain('telemetry.test.ts');
    expect(line).not.toContain('hunter2');
  });
});
