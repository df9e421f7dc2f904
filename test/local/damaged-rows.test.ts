import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../pipeline/local/database.ts';
import { createEndpointStore } from '../../pipeline/local/endpoint-host/endpoint-store.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteLeases } from '../../pipeline/local/sqlite-leases.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { aDeployment, anEntry, aRun } from '../fakes/samples.ts';
import { aConfig } from './endpoint-host-harness.ts';

const tooOld = '2026-11-01T09:00:00.000Z';

describe('a damaged row', () => {
  it('of a run hides no older run behind it', async () => {
    const database = openDatabase(':memory:');
    const runs = createSqliteRunStore({ database });
    const deployment = aDeployment();
    await runs.create(aRun({ id: 'spam-aaaaaaaa', createdAt: tooOld, deployment }));
    await runs.create(aRun({ id: 'spam-bbbbbbbb', deployment }));
    database.exec("UPDATE runs SET document = '{}' WHERE id = 'spam-bbbbbbbb'");

    const found = await runs.list({ model: 'spam', deployed: true, limit: 1 });

    expect(found.map(({ id }) => id)).toEqual(['spam-aaaaaaaa']);
  });

  it('of a run frees the lease that the run held', async () => {
    const database = openDatabase(':memory:');
    const runs = createSqliteRunStore({ database });
    const leases = createSqliteLeases({ database });
    for (const id of ['spam-aaaaaaaa', 'spam-bbbbbbbb']) await runs.create(aRun({ id }));
    await leases.acquire('spam', 'spam-aaaaaaaa');
    database.exec("UPDATE runs SET document = '{}' WHERE id = 'spam-aaaaaaaa'");

    await runs.list({ ended: false });

    expect(await leases.acquire('spam', 'spam-bbbbbbbb')).toBe('spam-bbbbbbbb');
  });

  it('of a version counts as absent, and is said once', async () => {
    const database = openDatabase(':memory:');
    const said: string[] = [];
    const registry = createSqliteModelRegistry({ database, onBroken: (id) => said.push(id) });
    await registry.register(anEntry({ runId: 'spam-aaaaaaaa' }));
    await registry.register(anEntry({ runId: 'spam-bbbbbbbb' }));
    database.exec("UPDATE model_versions SET entry = '{' WHERE version = 2");

    const listed = await registry.list('spam');

    expect(listed.map(({ version }) => version)).toEqual([1]);
    expect(await registry.get('spam', 2)).toBeNull();
    expect(said).toEqual(['spam-bbbbbbbb']);
  });

  it('of the audit hides no other', async () => {
    const database = openDatabase(':memory:');
    const audit = createSqliteAuditLog({ database });
    database.exec(`INSERT INTO audit (id, at, document) VALUES ('a', '1', '{"id":"a"}');
      INSERT INTO audit (id, at, document) VALUES ('b', '2', '{"id":')`);

    expect(await audit.list({})).toEqual([{ id: 'a' }]);
  });

  it.each([
    ['endpoints', '{'],
    ['endpoints', '{}'],
    ['endpoint_configs', '{'],
    ['endpoint_configs', 'null'],
  ])('of %s with %j makes an endpoint that serves nothing, and is said once', (table, value) => {
    const database = openDatabase(':memory:');
    const said: (string | undefined)[] = [];
    const store = createEndpointStore({ database, log: ({ about }) => said.push(about) });
    const { configName, endpointName } = aConfig(1, 'model.tar.gz');
    store.request(aConfig(1, 'model.tar.gz'));
    store.save({ ...store.get(endpointName), live: configName, pending: null });
    database.prepare(`UPDATE ${table} SET document = ?`).run(value);

    const [listed] = store.list();

    expect(listed).toMatchObject({ live: null, pending: null });
    expect(store.find(endpointName)?.failureReason).toBe('The record of this endpoint is damaged.');
    expect(said).toEqual([endpointName]);
  });
});
