import type { VersionMark } from '../../pipeline/core/rollback/version-mark.ts';
import { ada, grace, nastyNames } from './sample-parts.ts';

/** Versions that left production, in each of the ways. */

export const sampleMark: VersionMark = {
  kind: 'rolled_back',
  version: 7,
  runId: 'spam-b4ckb4ck',
  by: grace,
  reason: 'flags invoices',
  at: '2026-11-20T11:58:00.000Z',
  backTo: 6,
  lifted: null,
};

export const putBackMark: VersionMark = {
  ...sampleMark,
  kind: 'reverted',
  version: 5,
  by: null,
  reason: '12 of 40 requests failed with a server error (30 %); the limit is 5 %.',
};

export const liftedMark: VersionMark = {
  ...sampleMark,
  lifted: { by: ada, at: '2026-11-20T12:00:00.000Z', reason: 'the invoices were mislabelled' },
};

export const nastyMark: VersionMark = {
  ...sampleMark,
  by: { kind: 'person', id: 'U0X', name: nastyNames[2] },
  reason: nastyNames.join(' '),
  lifted: { by: ada, at: '2026-11-20T12:00:00.000Z', reason: nastyNames[0] },
};
