import { openDatabase } from '../../pipeline/local/database.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import { createSqliteAlertStore } from '../../pipeline/local/sqlite-alert-store.ts';
import { createSqliteAuditLog } from '../../pipeline/local/sqlite-audit-log.ts';
import { createSqliteCallbackStore } from '../../pipeline/local/sqlite-callback-store.ts';
import { createSqliteGateLedgers } from '../../pipeline/local/sqlite-gate-ledgers.ts';
import { createSqliteLeases } from '../../pipeline/local/sqlite-leases.ts';
import { createSqliteModelRegistry } from '../../pipeline/local/sqlite-model-registry.ts';
import { createSqliteRunStore } from '../../pipeline/local/sqlite-run-store.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';
import { describeAlertStore } from './alert-store.contract.ts';
import { describeArtifactStore } from './artifact-store.contract.ts';
import { describeAuditLog } from './audit-log.contract.ts';
import { describeCallbackStore } from './callback-store.contract.ts';
import { describeGateLedgers } from './gate-ledgers.contract.ts';
import { describeLeases } from './leases.contract.ts';
import { describeModelRegistry } from './model-registry.contract.ts';
import { describeRunStore } from './run-store.contract.ts';

const inMemoryDatabase = () => openDatabase(':memory:');

describeRunStore('SQLite', async () => createSqliteRunStore({ database: inMemoryDatabase() }));

describeCallbackStore('SQLite', async () =>
  createSqliteCallbackStore({ database: inMemoryDatabase() }),
);

describeLeases('SQLite', async () => {
  const database = inMemoryDatabase();
  return { leases: createSqliteLeases({ database }), runs: createSqliteRunStore({ database }) };
});

describeModelRegistry('SQLite', async () =>
  createSqliteModelRegistry({ database: inMemoryDatabase() }),
);

describeArtifactStore('folder', async () => createFolderArtifactStore({ root: temporaryFolder() }));

describeAlertStore('SQLite', async () => createSqliteAlertStore({ database: inMemoryDatabase() }));

describeAuditLog('SQLite', async () => createSqliteAuditLog({ database: inMemoryDatabase() }));

describeGateLedgers('SQLite', async () =>
  createSqliteGateLedgers({ database: inMemoryDatabase() }),
);
