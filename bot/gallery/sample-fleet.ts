import { type Config, defineConfig } from '../../pipeline/core/config.ts';
import type { ModelStatus } from '../../pipeline/core/pipeline.ts';
import type { RegisteredVersion } from '../../pipeline/core/ports.ts';
import type { Run } from '../../pipeline/core/run.ts';

/** Models, versions and endpoints for the gallery and the tests. */

export const sampleNow = new Date('2026-11-20T12:00:00.000Z');

export const sampleConfig: Config = defineConfig({
  channel: '#ml-ops',
  operators: ['U0ADA'],
  models: {
    spam: {
      title: 'Spam filter',
      task: 'text-classification',
      recipe: 'distilbert',
      columns: { label: 'label', text: 'text' },
      gate: { minimum: 0.9 },
      approval: { mode: 'people', approvers: ['U0GRACE'] },
    },
  },
});

export function sampleVersion(version: number): RegisteredVersion {
  return {
    model: 'spam',
    version,
    runId: `spam-20261101-${version}`,
    createdAt: '2026-11-01T09:00:00.000Z',
    recipe: 'distilbert',
    artifact: { key: 'runs/x/model.tar.gz', sha256: 'ab'.repeat(32), bytes: 54_000_000 },
    digest: 'd'.repeat(64),
    metrics: { macro_f1: 0.938, accuracy: 0.947 },
    verdict: 'pass',
    datasetVersion: '3f9a1c77b2e4',
    source: {
      code: '0c7e51d2a9b84f36',
      commit: version % 2 === 0 ? null : '9fceb02d0ae598e95dc970b74767f19372d61af8',
    },
    smokeKey: 'runs/x/smoke.json',
    approval: 'Approved',
    approvalNote: null,
    lastChangeInStudio: null,
    rolledBackBy: null,
  };
}

/** A model that answers requests, with the given runs under way. */
export function sampleModel(name: string, title: string, activeRuns: readonly Run[]): ModelStatus {
  const [spam] = Object.values(sampleConfig.models);
  if (spam === undefined) throw new Error('The sample configuration has no model.');
  return {
    name,
    config: { ...spam, title },
    production: { version: sampleVersion(7), since: '2026-11-01T00:00:00.000Z', runId: 'r' },
    endpoint: {
      endpointName: name,
      status: 'InService',
      configName: null,
      failureReason: null,
      url: '',
      startSeconds: null,
      invocations: 1_204,
      serverErrors: 3,
      p95Milliseconds: 21.7,
    },
    retired: null,
    rollbackTo: 6,
    rolledBack: null,
    activeRuns,
    recentRuns: activeRuns.slice(0, 5),
    alerts: [],
  };
}
