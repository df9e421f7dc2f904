import { MlopsError } from '../../pipeline/core/errors.ts';
import type { ModelRegistry, RegisteredVersion } from '../../pipeline/core/ports.ts';

export function createInMemoryModelRegistry(): ModelRegistry {
  const versions: RegisteredVersion[] = [];
  const find = (model: string, version: number) =>
    versions.findIndex((each) => each.model === model && each.version === version);

  return {
    async register(entry) {
      const known = versions.find((each) => each.runId === entry.runId);
      if (known !== undefined) return known;
      const version = versions.filter((each) => each.model === entry.model).length + 1;
      const registered: RegisteredVersion = {
        ...entry,
        version,
        approval: 'PendingManualApproval',
        approvalNote: null,
      };
      versions.push(registered);
      return registered;
    },
    async get(model, version) {
      return versions[find(model, version)] ?? null;
    },
    async list(model) {
      return versions.filter((each) => each.model === model).reverse();
    },
    async setApproval(model, version, approval, note) {
      const index = find(model, version);
      const entry = versions[index];
      if (entry === undefined) {
        throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`);
      }
      versions[index] = { ...entry, approval, approvalNote: note };
    },
  };
}
