import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createSqliteAlertStore } from '../../pipeline/local/sqlite-alert-store.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteCallbackStore } from '../../pipeline/local/sqlite-callback-store.ts';
import { createSqliteLeases } from '../../pipeline/local/sqlite-leases.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { createInMemoryAlertStore } from '../fakes/in-memory-alert-store.ts';
import { createInMemoryArtifactStore } from '../fakes/in-memory-artifact-store.ts';
import { createInMemoryAuditLog } from '../fakes/in-memory-audit-log.ts';
import { createInMemoryCallbackStore } from '../fakes/in-memory-callback-store.ts';
import { createInMemoryLeases } from '../fakes/in-memory-leases.ts';
import { createInMemoryModelRegistry } from '../fakes/in-memory-model-registry.ts';
import { createInMemoryRunStore } from '../fakes/in-memory-run-store.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { describeAlertStore } from './alert-store.contract.ts';
import { describeArtifactStore } from './artifact-store.contract.ts';
import { describeAuditLog } from './audit-log.contract.ts';
import { describeCallbackStore } from './callback-store.contract.ts';
import { describeLeases } from './leases.contract.ts';
import { describeModelRegistry } from './model-registry.contract.ts';
import { describeRunStore } from './run-store.contract.ts';

const inMemoryDatabase = () => openDatabase(':memory:');

describeRunStore('SQLite', async () => createSqliteRunStore({ database: inMemoryDatabase() }));
describeRunStore('fake', async () => createInMemoryRunStore());

describeCallbackStore('SQLite', async () =>
  createSqliteCallbackStore({ database: inMemoryDatabase() }),
);
describeCallbackStore('fake', async () => createInMemoryCallbackStore());

describeLeases('SQLite', async () => {
  const database = inMemoryDatabase();
  return { leases: createSqliteLeases({ database }), runs: createSqliteRunStore({ database }) };
});
describeLeases('fake', async () => {
  const runs = createInMemoryRunStore();
  return { leases: createInMemoryLeases({ runs }), runs };
});

describeModelRegistry('SQLite', async () =>
  createSqliteModelRegistry({ database: inMemoryDatabase() }),
);
describeModelRegistry('fake', async () => createInMemoryModelRegistry());

describeArtifactStore('folder', async () => createFolderArtifactStore({ root: temporaryFolder() }));
describeArtifactStore('fake', async () => createInMemoryArtifactStore());

describeAlertStore('SQLite', async () => createSqliteAlertStore({ database: inMemoryDatabase() }));
describeAlertStore('fake', async () => createInMemoryAlertStore());

describeAuditLog('SQLite', async () => createSqliteAuditLog({ database: inMemoryDatabase() }));
describeAuditLog('fake', async () => createInMemoryAuditLog());
