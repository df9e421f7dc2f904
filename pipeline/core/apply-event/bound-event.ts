// A record is one item of DynamoDB, which takes 400 KB. Data, recipes and people are not ours, so what
// an event adds to a record is cut to its share here. What fits is not touched.
import type { DataChanges } from '../data-contract/data-changes.ts';
import type { RunEvent } from '../events.ts';
import type {
  Evaluation,
  ModelScores,
  PrepareReport,
  TrainingMetrics,
} from '../python-contract.ts';
import { boundDataset, boundLeftOut } from './bound-dataset.ts';
import { bytesOf, listOf, shorten, someOf } from './bounds.ts';

/** Shares of the record, in bytes of UTF-8. */
const LABEL_BYTES = 15_000;
const COLUMN_BYTES = 15_000;
const WARNING_BYTES = 22_000;
const ERROR_BYTES = 30_000;
const FIGURE_BYTES = 8_000;
const BASELINE_BYTES = 1_000;
const CLASS_BYTES = 45_000;
const CHECK_BYTES = 20_000;
const SETTING_BYTES = 8_000;
const EXAMPLE_BYTES = 8_000;
/** Characters of a sentence for people, and of a name. */
const SENTENCE = 1_000;
const NAME = 200;
const SOURCE_NAME = 60;
const MOST_RESUMPTIONS = 200;

/** The event with no more than a record can hold of it. */
export function boundEvent(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'RunStarted': {
      const { reason, hyperparameters, commit, dataset } = event;
      return {
        ...event,
        reason: reason === null ? null : shorten(reason, SENTENCE),
        hyperparameters: someOf(hyperparameters, SETTING_BYTES),
        ...(commit === undefined ? {} : { commit: shorten(commit, NAME) }),
        dataset: dataset && boundDataset(dataset),
      };
    }
    case 'DatasetAppended':
      return {
        ...event,
        dataset: boundDataset(event.dataset),
        appending: boundLeftOut(event.appending),
      };
    case 'SettingsResolved': {
      const { inherited, configured, changes } = event.settings;
      const settings = {
        ...event.settings,
        inherited: someOf(inherited, SETTING_BYTES),
        configured: someOf(configured, SETTING_BYTES),
        changes: listOf(changes, SETTING_BYTES),
      };
      return { ...event, settings };
    }
    case 'DatasetPrepared':
      return {
        ...event,
        report: boundReport(event.report),
        ...(event.changes === undefined ? {} : { changes: boundChanges(event.changes) }),
      };
    case 'TrainingCompleted':
      return { ...event, metrics: boundMetrics(event.metrics) };
    case 'EvaluationCompleted':
      return { ...event, evaluation: boundEvaluation(event.evaluation) };
    case 'GateDecided': {
      const checks = event.verdict.checks.map((check) => ({
        ...check,
        reason: shorten(check.reason, SENTENCE),
      }));
      return { ...event, verdict: { ...event.verdict, checks: decisiveFirst(checks) } };
    }
    case 'DecisionRecorded': {
      const { decision } = event;
      const reason = decision.reason === null ? null : shorten(decision.reason, SENTENCE);
      return { ...event, decision: { ...decision, reason } };
    }
    case 'VersionDeployed': {
      const { example } = event;
      const fits = example === null || bytesOf(example.body) <= EXAMPLE_BYTES;
      return fits ? event : { ...event, example: null };
    }
    case 'DeploymentReplaced': {
      const { rollback } = event;
      const reason = rollback?.reason ?? null;
      if (rollback === undefined || reason === null) return event;
      return { ...event, rollback: { ...rollback, reason: shorten(reason, SENTENCE) } };
    }
    case 'JobQueued':
      return event.reason === null ? event : { ...event, reason: shorten(event.reason, SENTENCE) };
    case 'PutBackDelayed':
    case 'DeploymentReverted':
    case 'DeploymentRetired':
    case 'MarkLifted':
      return { ...event, reason: shorten(event.reason, SENTENCE) };
    case 'RunEnded': {
      const { failure } = event;
      if (failure === null) return event;
      const hint = failure.hint === null ? null : shorten(failure.hint, SENTENCE);
      return {
        ...event,
        failure: { ...failure, message: shorten(failure.message, SENTENCE), hint },
      };
    }
    default:
      return event;
  }
}

/** There are a handful of kinds, each at most once. */
function boundChanges({ changes, ...rest }: DataChanges): DataChanges {
  return {
    ...rest,
    changes: changes.map((each) => ({ ...each, reason: shorten(each.reason, SENTENCE) })),
  };
}

function boundReport(report: PrepareReport): PrepareReport {
  const { input, sources, labels, columns, warnings, errors } = report;
  return {
    ...report,
    input: { ...input, name: shorten(input.name, 255) },
    // The dataset of the run has their whole names.
    ...(sources === undefined
      ? {}
      : { sources: sources.map((each) => ({ ...each, name: shorten(each.name, SOURCE_NAME) })) }),
    labels: someOf(labels, LABEL_BYTES, (count) => count),
    columns: listOf(
      columns.map((name) => shorten(name, NAME)),
      COLUMN_BYTES,
    ),
    warnings: listOf(
      warnings.map((each) => ({ ...each, message: shorten(each.message, SENTENCE) })),
      WARNING_BYTES,
    ),
    errors: listOf(
      errors.map((each) => ({
        ...each,
        message: shorten(each.message, SENTENCE),
        column: each.column === null ? null : shorten(each.column, NAME),
        hint: shorten(each.hint, SENTENCE),
      })),
      ERROR_BYTES,
    ),
  };
}

function boundMetrics(metrics: TrainingMetrics): TrainingMetrics {
  return {
    ...metrics,
    metrics: someOf(metrics.metrics, FIGURE_BYTES),
    resumedFromSteps: metrics.resumedFromSteps.slice(-MOST_RESUMPTIONS),
    baseModel: metrics.baseModel === null ? null : shorten(metrics.baseModel, SENTENCE),
    hyperparameters: someOf(metrics.hyperparameters, SETTING_BYTES),
    versions: someOf(metrics.versions, FIGURE_BYTES),
  };
}

/** Classes with the most rows stay: the others are too small for the gate to judge one by one. */
function boundEvaluation(evaluation: Evaluation): Evaluation {
  const { candidate, production, anchor, baseline, unanswered, labels } = evaluation;
  const perClass = someOf(candidate.perClass, CLASS_BYTES, ({ support }) => support);
  const isCut = Object.keys(perClass).length < Object.keys(candidate.perClass).length;
  return {
    ...evaluation,
    labels: listOf(isCut ? labels.filter((label) => label in perClass) : labels, LABEL_BYTES),
    candidate: boundScores(candidate, perClass),
    production:
      production &&
      boundScores(
        production,
        isCut
          ? Object.fromEntries(
              Object.entries(production.perClass).filter(([label]) => label in perClass),
            )
          : someOf(production.perClass, CLASS_BYTES, ({ support }) => support),
      ),
    // The classes of the best version so far are shown nowhere.
    ...(anchor === undefined ? {} : { anchor: anchor && boundScores(anchor, {}) }),
    ...(baseline === undefined ? {} : { baseline: boundBaseline(baseline) }),
    ...(unanswered === undefined ? {} : { unanswered: boundReasons(unanswered) }),
  };
}

function boundBaseline(baseline: NonNullable<Evaluation['baseline']>) {
  const { name, fitted, reason, majority } = baseline;
  return {
    ...baseline,
    name: shorten(name, NAME),
    fitted: fitted && { ...fitted, metrics: someOf(fitted.metrics, BASELINE_BYTES) },
    ...(reason === undefined ? {} : { reason: shorten(reason, SENTENCE) }),
    majority: {
      label: shorten(majority.label, NAME),
      metrics: someOf(majority.metrics, BASELINE_BYTES),
    },
  };
}

function boundReasons({ production, anchor }: NonNullable<Evaluation['unanswered']>) {
  return {
    ...(production === undefined ? {} : { production: shorten(production, SENTENCE) }),
    ...(anchor === undefined ? {} : { anchor: shorten(anchor, SENTENCE) }),
  };
}

function boundScores(scores: ModelScores, perClass: ModelScores['perClass']): ModelScores {
  return { ...scores, metrics: someOf(scores.metrics, FIGURE_BYTES), perClass };
}

function decisiveFirst<T extends { readonly outcome: string }>(checks: readonly T[]): readonly T[] {
  if (bytesOf(JSON.stringify(checks)) <= CHECK_BYTES) return checks;
  const decisive = checks.filter(({ outcome }) => outcome !== 'pass');
  return listOf([...decisive, ...checks.filter(({ outcome }) => outcome === 'pass')], CHECK_BYTES);
}
