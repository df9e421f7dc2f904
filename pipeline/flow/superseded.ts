import type { Ending } from './run-context.ts';

/** How a run ends when production has changed since its version was compared or asked about. */
export function superseded(
  model: string,
  version: number,
  { before, now }: { readonly before: number | null; readonly now: number | null },
): Ending {
  const name = (live: number | null) => (live === null ? 'nothing' : `version ${live}`);
  return {
    outcome: 'superseded',
    failure: {
      code: 'PRODUCTION_CHANGED',
      message: `It was compared with ${name(before)}, but ${name(now)} is live now.`,
      hint: `/mlops promote ${model} ${version} asks again; /mlops retrain ${model} trains a new candidate and compares it.`,
    },
  };
}
