import { defaultOf } from './base-model.ts';
import { type HyperparameterValue, parseHyperparameters } from './hyperparameters.ts';
import type { Recipe } from './python-contract.ts';
import type { Run } from './run.ts';
import type { RunSettings, SettingChange } from './settings-record.ts';

type Values = RunSettings['inherited'];

/** What the run is trained with beyond the configuration: typed before inherited. */
export function givenSettings({
  settings,
  hyperparameters,
}: Pick<Run, 'settings' | 'hyperparameters'>) {
  return { ...settings?.inherited, ...hyperparameters };
}

/** Whether somebody asks for the training of an earlier run again, by data and typed settings. */
export function isSameTraining(earlier: Run, later: Run): boolean {
  if (earlier.kind !== 'retrain' || earlier.dataset === null) return false;
  if (earlier.dataset.version !== later.dataset?.version || earlier.recipe !== later.recipe) {
    return false;
  }
  const [one, other] = [earlier.hyperparameters, later.hyperparameters];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => String(one[name]) === String(other[name]));
}

/**
 * The settings a person typed for the version in production, as far as the recipe still takes them.
 * An edit of the configuration since then counts more.
 */
export function settingsToInherit(
  recipe: Recipe,
  configured: Values,
  maker: Pick<Run, 'recipe' | 'settings' | 'hyperparameters'> | null,
): Values {
  if (maker === null || maker.recipe !== recipe.name) return {};
  const then = maker.settings?.configured ?? {};
  const kept = Object.entries(givenSettings(maker)).filter(([name, value]) => {
    const isEdited = Object.hasOwn(then, name) && then[name] !== (configured[name] ?? null);
    return !isEdited && isTaken(recipe, name, value);
  });
  return Object.fromEntries(kept);
}

function isTaken(recipe: Recipe, name: string, value: HyperparameterValue): boolean {
  try {
    parseHyperparameters(recipe, { [name]: value });
    return true;
  } catch {
    return false;
  }
}

/** The settings of a run against those of the run that made the version in production. */
export function resolveSettings(input: {
  readonly recipe: Recipe;
  readonly configured: Values;
  readonly run: Pick<Run, 'hyperparameters' | 'inherits'>;
  /** The run that made the version in production, and the version; null without. */
  readonly production: { readonly version: number; readonly maker: Run } | null;
}): RunSettings {
  const { recipe, configured, run, production } = input;
  const maker = run.inherits === false ? null : (production?.maker ?? null);
  const all = Object.entries(settingsToInherit(recipe, configured, maker));
  const inherited = Object.fromEntries(
    all.filter(([name]) => !Object.hasOwn(run.hyperparameters, name)),
  );
  const given = { ...inherited, ...run.hyperparameters };
  return {
    against: production?.version ?? null,
    inherited,
    configured: Object.fromEntries(
      Object.keys(given).map((name) => [name, configured[name] ?? null]),
    ),
    changes:
      production === null ? [] : changes(recipe, { ...configured, ...given }, production.maker),
  };
}

/** Compared are the settings of which production's training has told the value it used. */
function changes(recipe: Recipe, values: Values, maker: Run): readonly SettingChange[] {
  const used = maker.training?.metrics?.hyperparameters ?? {};
  return Object.entries(recipe.hyperparameters).flatMap(([name, spec]) => {
    const before = used[name];
    const after = values[name] ?? defaultOf(spec, values);
    if (before === undefined || before === null || isSame(before, after)) return [];
    return [{ name, from: String(before), to: String(after) }];
  });
}

function isSame(one: unknown, other: HyperparameterValue): boolean {
  if (typeof one === 'number' && typeof other !== 'boolean' && other !== '') {
    return one === Number(other);
  }
  return String(one) === String(other);
}
