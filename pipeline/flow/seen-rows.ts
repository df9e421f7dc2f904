import type { z } from 'zod';
import { seenSchema } from '../core/gate/seen-rows.ts';
import { keys } from '../core/names.ts';
import { parseContract } from '../core/python-contract.ts';
import type { RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

type SeenInRun = z.output<typeof seenSchema>['versions'];

/** Held-out rows of the run that versions were trained on; null for a run from before it was looked for. */
export async function seenInRun(
  { artifacts }: Pick<FlowDeps, 'artifacts'>,
  runId: RunId,
): Promise<SeenInRun | null> {
  const file = await artifacts.get(keys.seenRows(runId));
  if (file === null) return null;
  return parseContract(seenSchema, 'seen.json', new TextDecoder().decode(file)).versions;
}

/** Those that this version was trained on; null when that is not known. */
export function rowsSeenBy(
  seen: SeenInRun | null | undefined,
  version: number | null,
): ReadonlySet<string> | null {
  const rows = version === null ? undefined : seen?.[String(version)];
  return rows === undefined ? null : new Set(rows);
}
