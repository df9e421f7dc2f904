import type { WorkspaceIdentity } from './types.ts';

export const DEFAULT_IDENTITY: WorkspaceIdentity = {
  team: { id: 'T0LOCAL', name: 'Local workspace', domain: 'local' },
  appId: 'A0APP',
  botId: 'B0APP',
  botUserId: 'U0APP',
};
