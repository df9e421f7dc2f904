import type { Person, WorkspaceChannel, WorkspaceIdentity } from '@mlops-bot/slack-simulator';

/**
 * The people of the local workspace. `mlops.config.ts` grants rights to these ids, as it does to the
 * member ids of a real workspace.
 */
export const people: readonly Person[] = [
  { id: 'U0ADA', name: 'ada', realName: 'Ada Okafor', title: 'ML engineer' },
  { id: 'U0GRACE', name: 'grace', realName: 'Grace Lindqvist', title: 'Approver' },
  { id: 'U0KIT', name: 'kit', realName: 'Kit Moreno', title: 'Guest, no rights' },
];

export const channels: readonly WorkspaceChannel[] = [
  { id: 'C0MLOPS', name: 'ml-ops', topic: 'Models: what is trained, approved and live' },
  { id: 'C0GENERAL', name: 'general', topic: 'Everything else' },
];

/** Stored with every message of the local workspace: kept from version to version. */
export const identity: WorkspaceIdentity = {
  team: { id: 'T0LOCAL', name: 'Acme ML', domain: 'acme-ml' },
  appId: 'A0MLOPS',
  botId: 'B0MLOPS',
  botUserId: 'U0MLOPS',
};
