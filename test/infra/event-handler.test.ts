import { describe, expect, it } from 'vitest';
import type { AnnouncementHint } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { createEventHandler } from '../../pipeline/aws/lambda/create-event-handler.ts';
import type { Approval } from '../../pipeline/core/run.ts';
import { createPipeline } from '../../pipeline/flow/create-pipeline.ts';
import type { FlowDeps } from '../../pipeline/flow/flow-deps.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteCallbackStore } from '../../pipeline/local/sqlite-callback-store.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeEndpointHost } from '../fakes/fake-endpoint-host.ts';
import { createFakeExecutions } from '../fakes/fake-executions.ts';
import { createRecordingEventBus } from '../fakes/recording-event-bus.ts';
import { withStudio } from '../fakes/registry-with-studio.ts';
import { anEntry, aRun } from '../fakes/samples.ts';
import { aConfig } from '../flow/world.ts';
import { silentTelemetry } from './silent-telemetry.ts';

const openApproval: Approval = {
  requestedAt: '2026-11-22T08:00:00.000Z',
  expiresAt: null,
  remindedAt: null,
  approvers: ['U0GRACE'],
  quorum: 1,
  selfApproval: false,
  digest: 'd'.repeat(64),
  decisions: [],
  outcome: null,
  endedAt: null,
};

function setUp() {
  const hints: AnnouncementHint[] = [];
  const database = openDatabase(':memory:');
  const deps = {
    config: aConfig(),
    clock: createFakeClock(),
    runs: createSqliteRunStore({ database }),
    callbacks: createSqliteCallbackStore({ database }),
    executions: createFakeExecutions(),
    endpoints: createFakeEndpointHost(),
    registry: withStudio(createSqliteModelRegistry({ database })),
    audit: createSqliteAuditLog({ database }),
    bus: createRecordingEventBus(),
  };
  // What a signal under test touches; anything else is undefined and would throw.
  const all = deps as unknown as FlowDeps;
  const telemetry = silentTelemetry();
  const signals = createEventHandler({
    deps: all,
    pipeline: createPipeline(all),
    announcements: { send: async (hint) => void hints.push(hint), retryIn: async () => undefined },
    telemetry,
  });
  return { deps, signals, hints, telemetry };
}

describe('signals', () => {
  it.each(['FAILED', 'TIMED_OUT', 'STOPPED'])(
    'starts the recovery of a run whose execution is %s',
    async (status) => {
      const { deps, signals } = setUp();
      await deps.runs.create(aRun());

      await signals({
        'detail-type': 'Durable Execution Status Change',
        detail: { durableExecutionName: 'spam-aaaaaaaa', status },
      });

      expect(deps.executions.started).toEqual([
        { name: 'spam-aaaaaaaa-recovery', input: { runId: 'spam-aaaaaaaa', isRecovery: true } },
      ]);
    },
  );

  it('ends a run whose recovery is cut off too', async () => {
    const { deps, signals } = setUp();
    await deps.runs.create(aRun());

    await signals({
      'detail-type': 'Durable Execution Status Change',
      detail: { durableExecutionName: 'spam-aaaaaaaa-recovery', status: 'FAILED' },
    });

    expect(await deps.runs.get('spam-aaaaaaaa')).toMatchObject({
      outcome: 'failed',
      failure: { code: 'EXECUTION_LOST' },
    });
    expect(deps.executions.started).toEqual([]);
  });

  it.each(['RUNNING', 'SUCCEEDED'])('leaves the run of one that is %s', async (status) => {
    const { deps, signals } = setUp();
    await deps.runs.create(aRun());

    await signals({
      'detail-type': 'Durable Execution Status Change',
      detail: { durableExecutionName: 'spam-aaaaaaaa', status },
    });

    expect((await deps.runs.get('spam-aaaaaaaa'))?.outcome).toBeNull();
  });

  it('never changes how an ended run ended', async () => {
    const { deps, signals } = setUp();
    await deps.runs.create(aRun({ outcome: 'deployed' }));

    await signals({
      'detail-type': 'Durable Execution Status Change',
      detail: { durableExecutionName: 'spam-aaaaaaaa', status: 'FAILED' },
    });

    expect((await deps.runs.get('spam-aaaaaaaa'))?.outcome).toBe('deployed');
  });

  it('starts, in its sweep, what was recorded but not started, and hints at its card', async () => {
    const { deps, signals, hints } = setUp();
    await deps.runs.create(aRun());
    await deps.runs.create(aRun({ id: 'spam-bbbbbbbb', outcome: 'deployed' }));

    await signals({ scheduled: 'sweep' });
    await signals({ scheduled: 'sweep' });

    expect(deps.executions.started).toEqual([
      { name: 'spam-aaaaaaaa', input: { runId: 'spam-aaaaaaaa' } },
    ]);
    expect(hints[0]).toEqual({ kind: 'run', runId: 'spam-aaaaaaaa', redraw: false });
  });

  it('sweeps the other runs although one of them fails', async () => {
    const { deps, signals, hints } = setUp();
    await deps.runs.create(aRun());
    await deps.runs.create(aRun({ id: 'spam-bbbbbbbb' }));
    const { start } = deps.executions;
    deps.executions.start = (execution) =>
      execution.name === 'spam-aaaaaaaa'
        ? Promise.reject(new Error('throttled'))
        : start(execution);

    await expect(signals({ scheduled: 'sweep' })).rejects.toThrow('left something undone');

    expect(hints).toEqual([{ kind: 'run', runId: 'spam-bbbbbbbb', redraw: false }]);
  });

  it.each([null, 'text', {}, { 'detail-type': 'Something else', detail: {} }])(
    'survives %j',
    async (event) => {
      const { signals, hints } = setUp();

      await signals(event);

      expect(hints).toEqual([]);
    },
  );
});

describe('an approval that is set in the registry', () => {
  const told = {
    'detail-type': 'SageMaker Model Package State Change',
    time: '2026-11-22T09:00:00Z',
    detail: {
      ModelPackageGroupName: 'spam',
      ModelPackageVersion: 1,
      ModelApprovalStatus: 'Approved',
    },
  };
  const by = (user: string) => ({
    approval: 'Approved' as const,
    approvalNote: null,
    lastChangeInStudio: { by: `d-abc123def456/${user}`, at: '2026-11-22T09:00:00.250Z' },
  });

  async function waiting() {
    const parts = setUp();
    await parts.deps.runs.create(aRun({ version: 1, approval: openApproval }));
    await parts.deps.registry.register(anEntry());
    return parts;
  }

  it('is counted and put into the audit when a known person set it in Studio', async () => {
    const { deps, signals, telemetry } = await waiting();
    await deps.registry.setInStudio('spam', 1, by('grace'));

    await signals(told);
    await signals(told);

    expect((await deps.runs.get('spam-aaaaaaaa'))?.approval?.outcome).toBe('approved');
    expect(await deps.audit.list({})).toMatchObject([{ from: 'studio', action: 'approve' }]);
    expect(telemetry.counted).toEqual([]);
  });

  it('is put back, and measured, when nobody known set it', async () => {
    const { deps, signals, telemetry } = await waiting();
    await deps.registry.setInStudio('spam', 1, by('mallory'));

    await signals(told);
    await signals(told);

    expect((await deps.registry.get('spam', 1))?.approval).toBe('PendingManualApproval');
    expect(telemetry.counted).toEqual(['ApprovalsPutBack']);
  });
});
