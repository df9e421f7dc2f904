import { createHash } from 'node:crypto';
import type { Correction, CorrectionStore, ModelInput } from '../core/corrections.ts';
import { keys } from '../core/names.ts';
import type { ArtifactStore } from '../core/ports.ts';

/** Files read at once. */
const AT_ONCE = 20;

/** {@link CorrectionStore} in the artifact store: one file per input, so a repetition replaces it. */
export function createCorrectionStore(
  artifacts: Pick<ArtifactStore, 'get' | 'put' | 'list'>,
): CorrectionStore {
  async function read(key: string): Promise<readonly Correction[]> {
    const bytes = await artifacts.get(key);
    return bytes === null ? [] : [JSON.parse(new TextDecoder().decode(bytes)) as Correction];
  }

  return {
    async keep(correction) {
      const key = keys.correction(correction.model, digestOf(correction.input));
      const isNew = (await artifacts.get(key)) === null;
      await artifacts.put(key, `${JSON.stringify(correction)}\n`);
      return { isNew };
    },
    async count(model) {
      return (await artifacts.list(keys.corrections(model))).length;
    },
    async list(model, limit) {
      if (limit === 0) return [];
      const found = await artifacts.list(keys.corrections(model));
      const all: Correction[] = [];
      for (let from = 0; from < found.length; from += AT_ONCE) {
        const some = await Promise.all(found.slice(from, from + AT_ONCE).map(read));
        all.push(...some.flat());
      }
      return all.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
    },
  };
}

/** The same for the same input, whatever the order of its features. */
function digestOf(input: ModelInput): string {
  const canonical = typeof input === 'string' ? input.trim() : Object.entries(input).sort();
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex').slice(0, 24);
}
