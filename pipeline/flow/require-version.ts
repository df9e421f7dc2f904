import { MlopsError } from '../core/errors.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import type { FlowDeps } from './flow-deps.ts';

/** @throws {MlopsError} `VERSION_UNKNOWN`, with the versions there are. */
export async function requireVersion(
  { registry }: Pick<FlowDeps, 'registry'>,
  model: string,
  version: number,
): Promise<RegisteredVersion> {
  const registered = await registry.get(model, version);
  if (registered !== null) return registered;
  const versions = await registry.list(model, { limit: 10 });
  throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`, {
    hint:
      versions.length === 0
        ? 'No version has been registered yet.'
        : `It has: ${versions.map((each) => each.version).join(', ')}.`,
  });
}
