import type { ModelRegistry, RegisteredVersion } from '../../pipeline/core/ports.ts';

type StudioChange = Pick<RegisteredVersion, 'approval' | 'approvalNote' | 'lastChangeInStudio'>;

export interface RegistryWithStudio extends ModelRegistry {
  /** Sets an approval as a person does in SageMaker Studio. */
  setInStudio(model: string, version: number, change: StudioChange): Promise<void>;
}

/** Adds SageMaker Studio to a registry that has none; the next `setApproval` is the latest change. */
export function withStudio(registry: ModelRegistry): RegistryWithStudio {
  const changes = new Map<string, StudioChange['lastChangeInStudio']>();
  const keyOf = (model: string, version: number) => `${model} ${version}`;
  const withChange = (entry: RegisteredVersion): RegisteredVersion => ({
    ...entry,
    lastChangeInStudio: changes.get(keyOf(entry.model, entry.version)) ?? null,
  });
  return {
    register: async (entry) => withChange(await registry.register(entry)),
    async get(model, version) {
      const entry = await registry.get(model, version);
      return entry === null ? null : withChange(entry);
    },
    list: async (model, query) => (await registry.list(model, query)).map(withChange),
    async setApproval(model, version, approval, note) {
      await registry.setApproval(model, version, approval, note);
      changes.delete(keyOf(model, version));
    },
    async setRolledBack(model, version, by) {
      await registry.setRolledBack(model, version, by);
      changes.delete(keyOf(model, version));
    },
    async setInStudio(model, version, { approval, approvalNote, lastChangeInStudio }) {
      await registry.setApproval(model, version, approval, approvalNote);
      changes.set(keyOf(model, version), lastChangeInStudio);
    },
  };
}
