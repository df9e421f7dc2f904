import type { ModelConfig } from '../core/config.ts';
import { judge } from '../core/gate/decide-gate.ts';
import { pairAnswers, type VersionAnswers } from '../core/gate/pair-answers.ts';
import { parsePredictions } from '../core/gate/predictions.ts';
import type { Verdict } from '../core/gate/verdict.ts';
import { keys } from '../core/names.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { anchorBeside, takeLook } from './gate-ledger.ts';
import { inTurns } from './in-turns.ts';
import { vocabularyOf } from './vocabulary.ts';

/**
 * The gate's verdict on a promotion: the version against production, by what each answered to the
 * held-out rows of its own run, on the rows they share. Null when nothing is in production. Where
 * people approve it blocks nothing: they asked for this version, and give a reason against evidence.
 */
export async function comparePromotion(
  deps: FlowDeps,
  run: Run,
  { gate, approval }: ModelConfig,
): Promise<Verdict | null> {
  const { id: runId, model, version, evaluatedAgainst: production } = run;
  if (version === null || production === null) return null;
  const anchor = await anchorBeside(deps, model, { production, candidate: version });
  const answersOf = (each: number | null) => answersOfVersion(deps, model, each);
  const [own, live, best] = await Promise.all([version, production, anchor].map(answersOf));
  const predictions = pairAnswers({ candidate: own, production: live, anchor: best });
  const look = await takeLook(deps, { model, runId, ids: predictions.id });
  const missing = 'its answers are no longer stored';
  return inTurns(
    judge({
      policy: approval.mode === 'people' ? { ...gate, mode: 'advisory' } : gate,
      unanswered: {
        ...(predictions.production === null ? { production: missing } : {}),
        ...(predictions.anchor === null ? { anchor: missing } : {}),
      },
      predictions,
      production,
      anchor,
      vocabularies: {
        candidate: await vocabularyOf(deps, model, version),
        production: await vocabularyOf(deps, model, production),
      },
      look,
    }),
  );
}

async function answersOfVersion(
  { registry, artifacts }: Pick<FlowDeps, 'registry' | 'artifacts'>,
  model: string,
  version: number | null,
): Promise<VersionAnswers | null> {
  const registered = version === null ? null : await registry.get(model, version);
  if (registered === null) return null;
  const file = await artifacts.get(keys.evaluation(registered.runId, 'predictions.csv'));
  return file === null ? null : parsePredictions(new TextDecoder().decode(file));
}
