import type { ModelConfig } from '../core/config.ts';
import { type Failure, MlopsError } from '../core/errors.ts';
import type { RegisteredVersion } from '../core/ports.ts';
import { markOf, markSentence } from '../core/rollback/version-mark.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Why the policy `auto` may not put the version live; null when it may. One that was rolled back
 * returns by a person's word only.
 */
export async function refuseAutomatic(
  { runs }: Pick<FlowDeps, 'runs'>,
  { approval }: ModelConfig,
  { model, version, rolledBackBy }: RegisteredVersion,
): Promise<(Failure & { readonly code: 'APPROVAL_MISSING' }) | null> {
  if (approval.mode !== 'auto' || rolledBackBy === null) return null;
  const run = await runs.get(rolledBackBy);
  const mark = run && markOf(run);
  if (mark?.lifted) return null;
  const what = mark === null ? `${model} v${version} was rolled back.` : markSentence(model, mark);
  return {
    code: 'APPROVAL_MISSING',
    message: `${what} No approval is needed for ${model}, so a person has to say that it may return.`,
    hint: `/mlops unmark ${model} ${version} <reason> says so.`,
  };
}

/** The same as an error. */
export function toError({ code, message, hint }: Failure): MlopsError {
  return new MlopsError(code, message, hint === null ? {} : { hint });
}
