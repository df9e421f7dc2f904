import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSqliteAnnouncementStore } from '../../bot/adapters/local/sqlite-announcement-store.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { aConfig, ada, createFlowWorld, grace } from '../flow/world.ts';
import { temporaryFolder } from './temporary-folder.ts';

const before = join(import.meta.dirname, '../fixtures/data-before');
const runId = 'spam-z5l3si4d';

/** A copy of the data folder, opened by today's code. */
function openDataBefore() {
  const folder = temporaryFolder();
  const root = join(folder, 'artifacts');
  cpSync(join(before, 'artifacts'), root, { recursive: true });
  const path = join(folder, 'state.sqlite');
  const dump = openDatabase(path);
  dump.exec(readFileSync(join(before, 'state.sql'), 'utf8'));
  dump.close();
  const database = openDatabase(path);
  const artifacts = createFolderArtifactStore({ root });
  return { database, world: createFlowWorld(aConfig(), { database, artifacts }) };
}

describe('the data folder of the version before', () => {
  it('still holds its runs, versions, callbacks, alerts and audit', async () => {
    const { world } = openDataBefore();

    expect(await world.runs.list({ ended: false })).toMatchObject([{ id: runId, revision: 16 }]);
    expect(await world.registry.get('spam', 1)).toMatchObject({ runId });
    expect(await world.callbacks.parked(runId)).not.toBeNull();
    expect(await world.alerts.list({ model: 'spam', open: true })).toMatchObject([
      { id: 'spam-metric-1', status: 'open' },
    ]);
    expect(await world.alerts.latest('spam', 'metric')).toMatchObject({ number: 1 });
    expect(await world.audit.list({})).toMatchObject([{ action: 'retrain', from: 'slack' }]);
  });

  it('has an alert that people can judge, as everything new about alerts is optional', async () => {
    const { world } = openDataBefore();
    const rating = { alertId: 'spam-metric-1', by: ada, isRight: true };

    expect(await world.pipeline.rateAlert(rating)).toMatchObject({ status: 'too_early' });
    await world.pipeline.acknowledge({ alertId: 'spam-metric-1', by: grace });
    const { status, alert } = await world.pipeline.rateAlert(rating);

    expect(status).toBe('counted');
    expect(alert.votes).toMatchObject([{ by: ada, isRight: true }]);
    expect(await world.alerts.latest('spam', 'metric')).toEqual(alert);
  });

  it('takes changes of its records', async () => {
    const { world } = openDataBefore();
    const run = await world.run(runId);

    expect(await world.runs.replace({ ...run, revision: 17 })).toBe(true);
    expect(await world.runs.replace({ ...run, revision: 17 })).toBe(false);
  });

  it('still says what was posted to Slack', async () => {
    const { database } = openDataBefore();
    const announcements = createSqliteAnnouncementStore({ database });

    const found = await announcements.get(runId);

    expect(found).toMatchObject({ revision: 1, announcement: { channel: 'C0MLOPS' } });
    expect(await announcements.put(runId, { ...posted(found), runRevision: 17 }, 1)).toBe(true);
  });

  it('has a run parked on its approval, which goes on once people approve', async () => {
    const { world } = openDataBefore();
    await world.restart();

    await world.decide(runId, grace);
    await world.advance(3600);

    expect((await world.run(runId)).outcome).toBe('deployed');
    expect(world.endpoints.deployed).toMatchObject([{ configName: 'spam-v1-z5l3si4d' }]);
    expect(world.jobs.specs).toEqual([]);
  });
});

function posted<T>(found: { readonly announcement: T } | null): T {
  if (found === null) throw new Error('Nothing was posted.');
  return found.announcement;
}
