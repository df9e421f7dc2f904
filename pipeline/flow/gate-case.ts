import type { GatePolicy } from '../core/config.ts';
import { MlopsError } from '../core/errors.ts';
import type { GateCase } from '../core/gate/gate-case.ts';
import { pairAnswers, type VersionAnswers } from '../core/gate/pair-answers.ts';
import { type Predictions, parsePredictions } from '../core/gate/predictions.ts';
import { keys } from '../core/names.ts';
import type { Run, RunId } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';
import { inTurns } from './in-turns.ts';
import { rowsSeenBy, seenInRun } from './seen-rows.ts';
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
  const seen = await seenInRun(deps, id);
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
    seen: {
      production: rowsSeenBy(seen, evaluatedAgainst),
      anchor: rowsSeenBy(seen, evaluatedAnchor ?? null),
    },
    vocabularies: {
      candidate: prepared === null ? null : Object.keys(prepared.labels),
      production: await vocabularyOf(deps, model, evaluatedAgainst),
    },
  };
}

/**
 * The case of a promotion, from stored answers: on the rows of the run in which one of the two versions
 * was judged against the other, else on the rows that their own runs share.
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
  const evaluated = (each: number | null) => evaluationOf(deps, model, each);
  const [own = null, live = null, best = null] = await Promise.all(
    [candidate, production, anchor].map(evaluated),
  );
  const predictions = pairAnswers({
    candidate: answersOf(candidate, [live, own]),
    production: answersOf(production, [own, live]),
    anchor: answersOf(anchor, [live, own, best]),
  });
  // A version was not trained on the rows that its own run held out.
  const inRunOf = (each: number | null) => seenInRunOf(deps, model, each);
  const [inOwn, inLive, inBest] = await Promise.all([candidate, production, anchor].map(inRunOf));
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
    seen: {
      production: union(rowsSeenBy(inOwn, production), rowsSeenBy(inLive, candidate)),
      anchor: union(
        rowsSeenBy(inOwn, anchor),
        rowsSeenBy(inLive, anchor),
        rowsSeenBy(inLive, candidate),
        rowsSeenBy(inBest, candidate),
      ),
    },
    vocabularies: {
      candidate: await vocabularyOf(deps, model, candidate),
      production: await vocabularyOf(deps, model, production),
    },
  };
}

/** The evaluation of a version's own run, and which versions answered in it. */
interface StoredEvaluation {
  readonly version: number;
  readonly against: number | null;
  readonly anchor: number | null;
  readonly predictions: Predictions;
}

/** The version's answers in the first of these evaluations that has them. */
function answersOf(
  version: number | null,
  evaluations: readonly (StoredEvaluation | null)[],
): VersionAnswers | null {
  if (version === null) return null;
  for (const evaluation of evaluations) {
    if (evaluation === null) continue;
    const { id, label, scores, slices, ...columns } = evaluation.predictions;
    const column =
      evaluation.version === version
        ? 'candidate'
        : evaluation.against === version
          ? 'production'
          : evaluation.anchor === version
            ? 'anchor'
            : null;
    const answers = column === null ? null : columns[column];
    if (column === null || answers === null) continue;
    return {
      id,
      label,
      candidate: answers,
      score: scores?.[column] ?? null,
      ...(slices === undefined ? {} : { slices }),
    };
  }
  return null;
}

async function evaluationOf(
  deps: Deps,
  model: string,
  version: number | null,
): Promise<StoredEvaluation | null> {
  const registered = version === null ? null : await deps.registry.get(model, version);
  if (version === null || registered === null) return null;
  const predictions = await predictionsOf(deps, registered.runId);
  if (predictions === null) return null;
  const run = await deps.runs.get(registered.runId);
  return {
    version,
    against: run?.evaluatedAgainst ?? null,
    anchor: run?.evaluatedAnchor ?? null,
    predictions,
  };
}

async function seenInRunOf(deps: Deps, model: string, version: number | null) {
  const registered = version === null ? null : await deps.registry.get(model, version);
  return registered === null ? null : seenInRun(deps, registered.runId);
}

function union(...sets: readonly (ReadonlySet<string> | null)[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** The answers in the evaluation of a run; null when they are no longer stored. */
export async function predictionsOf(
  { artifacts }: Pick<Deps, 'artifacts'>,
  runId: RunId,
): Promise<Predictions | null> {
  const file = await artifacts.get(keys.evaluation(runId, 'predictions.csv'));
  return file === null ? null : inTurns(parsePredictions(new TextDecoder().decode(file)));
}
