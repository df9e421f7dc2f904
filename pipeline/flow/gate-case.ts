import type { GatePolicy } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import type { GateCase } from '../core/gate/decide-gate.ts';
import { pairAnswers, type VersionAnswers } from '../core/gate/pair-answers.ts';
import { type Predictions, parsePredictions } from '../core/gate/predictions.ts';
import { keys } from '../core/names.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { vocabularyOf } from './vocabulary.ts';

/** What the gate decides on, but for the number of the look. */
export type StoredCase = Omit<GateCase, 'look'>;

type Deps = Pick<FlowDeps, 'artifacts' | 'registry' | 'runs'>;

/**
 * The case of a trained candidate, from what its evaluation left.
 * @throws {MlopsError} `CONTRACT_BROKEN` when the predictions or the metric are missing.
 */
export async function evaluatedCase(
  deps: Deps,
  { id, model, evaluation, evaluatedAgainst, evaluatedAnchor, prepared }: Run,
  policy: GatePolicy,
): Promise<StoredCase> {
  const predictions = await predictionsOf(deps, id);
  if (evaluation === null || predictions === null) {
    throw new MlopsError('CONTRACT_BROKEN', 'The evaluation wrote no predictions.');
  }
  if (evaluation.candidate.metrics[policy.metric] === undefined) {
    throw new MlopsError('CONTRACT_BROKEN', `evaluation.json has no metric “${policy.metric}”.`);
  }
  return {
    policy,
    predictions,
    unanswered: evaluation.unanswered ?? {},
    production: evaluatedAgainst,
    anchor: evaluatedAnchor ?? null,
    vocabularies: {
      candidate: prepared === null ? null : Object.keys(prepared.labels),
      production: await vocabularyOf(deps, model, evaluatedAgainst),
    },
  };
}

/**
 * The case of a promotion: what each version answered to the held-out rows of its own run, on the
 * rows they share.
 */
export async function promotionCase(
  deps: Deps,
  {
    model,
    policy,
    ...versions
  }: {
    readonly model: string;
    readonly policy: GatePolicy;
    readonly candidate: number;
    readonly production: number;
    readonly anchor: number | null;
  },
): Promise<StoredCase> {
  const { candidate, production, anchor } = versions;
  const answersOf = (each: number | null) => answersOfVersion(deps, model, each);
  const [own, live, best] = await Promise.all([candidate, production, anchor].map(answersOf));
  const predictions = pairAnswers({ candidate: own, production: live, anchor: best });
  const missing = 'its answers are no longer stored';
  return {
    policy,
    predictions,
    unanswered: {
      ...(predictions.production === null ? { production: missing } : {}),
      ...(predictions.anchor === null ? { anchor: missing } : {}),
    },
    production,
    anchor,
    vocabularies: {
      candidate: await vocabularyOf(deps, model, candidate),
      production: await vocabularyOf(deps, model, production),
    },
  };
}

async function answersOfVersion(
  deps: Deps,
  model: string,
  version: number | null,
): Promise<VersionAnswers | null> {
  const registered = version === null ? null : await deps.registry.get(model, version);
  return registered === null ? null : predictionsOf(deps, registered.runId);
}

async function predictionsOf(
  { artifacts }: Pick<Deps, 'artifacts'>,
  runId: RunId,
): Promise<Predictions | null> {
  const file = await artifacts.get(keys.evaluation(runId, 'predictions.csv'));
  return file === null ? null : parsePredictions(new TextDecoder().decode(file));
}
