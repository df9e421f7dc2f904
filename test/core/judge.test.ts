import { describe, expect, it } from 'vitest';
import type { EndpointAlertKind } from '../../pipeline/core/alert/alert.ts';
import { judgeEndpoint } from '../../pipeline/core/alert/judge.ts';
import { modelConfig } from '../../pipeline/core/model-config.ts';
import type { EndpointDescription } from '../../pipeline/core/ports.ts';
import { anObservation } from '../fakes/alert-samples.ts';
import { aConfig } from '../flow/world.ts';

const config = modelConfig(
  aConfig({ alerts: { maxMetricDrop: 0.03, maxErrorRate: 0.1, maxP95Milliseconds: 100 } }),
  'spam',
);
const at = '2026-11-22T09:00:00.000Z';

describe('judgeEndpoint', () => {
  const endpoint: EndpointDescription = {
    endpointName: 'spam',
    status: 'InService',
    configName: 'spam-v6-aaaaaaaa',
    failureReason: null,
    url: '',
    startSeconds: 1,
    invocations: 100,
    serverErrors: 15,
    p95Milliseconds: 80,
  };
  const lastAt = (invocations: number, serverErrors: number, configName = 'spam-v6-aaaaaaaa') =>
    anObservation({ source: { kind: 'endpoint', configName, invocations, serverErrors } });
  const judge = (kind: EndpointAlertKind, last = lastAt(0, 0), change = {}) =>
    judgeEndpoint({ kind, config, endpoint: { ...endpoint, ...change }, version: 6, last, at });

  it.each([
    ['since the deployment', undefined, 0.15, 100],
    ['since the last look', lastAt(60, 13), 0.05, 40],
    ['since the deployment of another configuration', lastAt(90, 1, 'spam-v5-bbbbbbbb'), 0.15, 100],
    ['anew when counters went back', lastAt(400, 20), 0.15, 100],
  ])('counts errors %s', (_, last, value, sample) => {
    expect(judge('error_rate', last)).toMatchObject({ sample, isBreach: value > 0.1 });
    expect(judge('error_rate', last)?.value).toBeCloseTo(value);
  });

  it('says nothing before enough requests came in', () => {
    expect(judge('error_rate', lastAt(81, 0))).toBeNull();
    expect(judge('latency', lastAt(100, 15))).toBeNull();
  });

  it('says nothing of an endpoint that is changing or has no latency yet', () => {
    expect(judge('latency', lastAt(0, 0), { status: 'Updating' })).toBeNull();
    expect(judge('latency', lastAt(0, 0), { p95Milliseconds: null })).toBeNull();
  });

  it.each([
    [100, false],
    [101, true],
  ])('p95 of %d ms against 100 ms: breach is %s', (p95Milliseconds, isBreach) => {
    expect(judge('latency', lastAt(0, 0), { p95Milliseconds })).toMatchObject({
      value: p95Milliseconds,
      threshold: 100,
      isBreach,
    });
  });
});
