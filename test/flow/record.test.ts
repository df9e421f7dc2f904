import { describe, expect, it } from 'vitest';
import type { UntimedEvent } from '../../pipeline/core/events.ts';
import { record } from '../../pipeline/flow/record.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createRecordingEventBus } from '../fakes/recording-event-bus.ts';
import { aDeployment, aRun } from '../fakes/samples.ts';

const runId = 'spam-aaaaaaaa';
const said = 'RuntimeError: HF_TOKEN=hf_abcdefghijkl was refused';
const failure = { code: 'TRAINING_FAILED', message: said, hint: null } as const;

const events: readonly UntimedEvent[] = [
  { type: 'RunEnded', runId, outcome: 'failed', failure },
  { type: 'DeploymentReverted', runId, reason: said },
  { type: 'PutBackDelayed', runId, reason: said },
];

describe('record', () => {
  it.each(events)(
    'keeps and publishes $type without the secret that a script printed',
    async (event) => {
      const runs = createSqliteRunStore({ database: openDatabase(':memory:') });
      const bus = createRecordingEventBus();
      await runs.create(aRun({ deployment: aDeployment() }));

      const run = await record({ runs, bus, clock: createFakeClock() }, event);

      const published = JSON.stringify(bus);
      expect(JSON.stringify(run)).toContain('RuntimeError: HF_TOKEN=••••');
      expect(`${JSON.stringify(run)} ${published}`).not.toContain('hf_');
    },
  );
});
