import { describe, expect, it } from 'vitest';
import type { AnnouncementHint } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { convergeApproval } from '../../pipeline/aws/lambda/converge-approval.ts';
import { createSignals } from '../../pipeline/aws/lambda/create-signals.ts';
import type { Approval } from '../../pipeline/core/run.ts';
import type { FlowDeps } from '../../pipeline/flow/flow-deps.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeExecutions } from '../fakes/fake-executions.ts';
import { createInMemoryModelRegistry } from '../fakes/in-memory-model-registry.ts';
import { createInMemoryRunStore } from '../fakes/in-memory-run-store.ts';
import { createInMemoryWakeups } from '../fakes/in-memory-wakeups.ts';
import { createRecordingEventBus } from '../fakes/recording-event-bus.ts';
import { anEntry, aRun } from '../fakes/samples.ts';
import { aConfig } from '../flow/world.ts';
import { silentTelemetry } from './silent-telemetry.ts';

function setUp() {
  const hints: AnnouncementHint[] = [];
  const deps = {
    config: aConfig(),
    clock: createFakeClock(),
    runs: createInMemoryRunStore(),
    wakeups: createInMemoryWakeups(),
    executions: createFakeExecutions(),
    registry: createInMemoryModelRegistry(),
    bus: createRecordingEventBus(),
  };
  const telemetry = silentTelemetry();
  const signals = createSignals({
    // What a signal under test touches; anything else is undefined and would throw.
    deps: deps as unknown as FlowDeps,
    announcements: { send: async (hint) => void hints.push(hint), retryIn: async () => undefined },
    telemetry,
  });
  return { deps, signals, hints, telemetry };
}

describe('signals', () => {
  it.each(['FAILED', 'TIMED_OUT', 'STOPPED'])(
    'ends the run of an execution that is %s',
    async (status) => {
      const { deps, signals } = setUp();
      await deps.runs.create(aRun());

      await signals({
        'detail-type': 'Durable Execution Status Change',
        detail: { durableExecutionName: 'spam-aaaaaaaa', status },
      });

      expect((await deps.runs.get('spam-aaaaaaaa'))?.outcome).toBe('failed');
      expect(deps.bus.types()).toEqual(['RunEnded']);
    },
  );

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

  it.each([null, 'text', {}, { 'detail-type': 'Something else', detail: {} }])(
    'survives %j',
    async (event) => {
      const { signals, hints } = setUp();

      await signals(event);

      expect(hints).toEqual([]);
    },
  );
});

describe('an approval that is set in SageMaker Studio', () => {
  const approval = (outcome: Approval['outcome']): Approval => ({
    requestedAt: '2026-11-22T09:00:00.000Z',
    expiresAt: null,
    remindedAt: null,
    approvers: ['U0GRACE'],
    quorum: 1,
    selfApproval: false,
    digest: 'd'.repeat(64),
    decisions: [],
    outcome,
    endedAt: null,
  });

  it.each([
    [null, 'Approved', 'PendingManualApproval'],
    ['rejected', 'Approved', 'Rejected'],
    ['expired', 'Approved', 'PendingManualApproval'],
    ['approved', 'Rejected', 'Approved'],
  ] as const)('when Slack says %j and Studio %s, ends as %s', async (outcome, set, wanted) => {
    const { deps, telemetry } = setUp();
    await deps.runs.create(aRun({ version: 1, approval: approval(outcome) }));
    await deps.registry.register(anEntry());
    await deps.registry.setApproval('spam', 1, set, null);

    await convergeApproval(deps, { model: 'spam', version: 1 }, telemetry);

    const version = await deps.registry.get('spam', 1);
    expect(version?.approval).toBe(wanted);
    expect(version?.approvalNote).toMatch(/buttons in Slack/);
    expect(telemetry.counted).toEqual(['ApprovalsPutBack']);
  });

  it('is left when it says the same, or nobody has asked yet', async () => {
    const { deps, telemetry } = setUp();
    await deps.runs.create(aRun({ version: 1, approval: null }));
    await deps.registry.register(anEntry());

    await convergeApproval(deps, { model: 'spam', version: 1 }, telemetry);

    expect((await deps.registry.get('spam', 1))?.approvalNote).toBeNull();
    expect(telemetry.counted).toEqual([]);
  });
});
