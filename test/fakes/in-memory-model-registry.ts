import { MlopsError } from '../../pipeline/core/errors.ts';
import type { ModelRegistry, RegisteredVersion } from '../../pipeline/core/ports.ts';

export interface InMemoryModelRegistry extends ModelRegistry {
  /** Sets an approval as somebody would in SageMaker Studio. */
  setInStudio(
    model: string,
    version: number,
    change: Pick<RegisteredVersion, 'approval' | 'approvalNote' | 'lastChangeInStudio'>,
  ): void;
}

export function createInMemoryModelRegistry(): InMemoryModelRegistry {
  const versions: RegisteredVersion[] = [];
  const find = (model: string, version: number) =>
    versions.findIndex((each) => each.model === model && each.version === version);

  const replace: InMemoryModelRegistry['setInStudio'] = (model, version, change) => {
    const index = find(model, version);
    const entry = versions[index];
    if (entry === undefined) {
      throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`);
    }
    versions[index] = { ...entry, ...change };
  };

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
        lastChangeInStudio: null,
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
      replace(model, version, { approval, approvalNote: note, lastChangeInStudio: null });
    },
    setInStudio: replace,
  };
}
