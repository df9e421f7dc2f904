import { closest } from './closest.ts';
import { MlopsError } from './errors.ts';
import type { HyperparameterSpec, Recipe } from './python-contract.ts';

export type HyperparameterValue = string | number | boolean;

/**
 * Typed values from the text a person entered, checked against the recipe.
 * @throws {MlopsError} `HYPERPARAMETER_INVALID` naming the key, the value and what is allowed.
 */
export function parseHyperparameters(
  recipe: Recipe,
  typed: Readonly<Record<string, HyperparameterValue>>,
): Record<string, HyperparameterValue> {
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => {
      const spec = Object.hasOwn(recipe.hyperparameters, name)
        ? recipe.hyperparameters[name]
        : undefined;
      if (spec === undefined) throw unknownName(recipe, name);
      return [name, parseValue(name, spec, value)];
    }),
  );
}

/** SageMaker wants every value as a string. */
export function toJobHyperparameters(
  values: Readonly<Record<string, HyperparameterValue>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function unknownName(recipe: Recipe, name: string): MlopsError {
  const names = Object.keys(recipe.hyperparameters);
  const near = closest(name, names);
  return new MlopsError(
    'HYPERPARAMETER_INVALID',
    `The recipe “${recipe.name}” has no hyperparameter “${name}”.`,
    { hint: near === null ? `It has: ${names.join(', ')}.` : `Did you mean “${near}”?` },
  );
}

function parseValue(
  name: string,
  spec: HyperparameterSpec,
  value: HyperparameterValue,
): HyperparameterValue {
  const wrong = (wanted: string) =>
    new MlopsError('HYPERPARAMETER_INVALID', `${name} = “${value}” is not ${wanted}.`, {
      hint: spec.description,
    });
  if (spec.type === 'boolean') {
    if (/^(true|false)$/i.test(String(value))) return String(value).toLowerCase() === 'true';
    throw wrong('true or false');
  }
  if (spec.type === 'string') {
    if (spec.enum !== undefined && !spec.enum.includes(String(value))) {
      throw wrong(`one of ${spec.enum.join(', ')}`);
    }
    return String(value);
  }
  const number = String(value).trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number) || (spec.type === 'integer' && !Number.isInteger(number))) {
    throw wrong(spec.type === 'integer' ? 'a whole number' : 'a number');
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = spec;
  if (number < minimum || number > maximum) throw wrong(`between ${minimum} and ${maximum}`);
  if (spec.enum !== undefined && !spec.enum.includes(number)) {
    throw wrong(`one of ${spec.enum.join(', ')}`);
  }
  return number;
}
