import { MlopsError } from './errors.ts';
import type { HyperparameterValue } from './hyperparameters.ts';
import { keys } from './names.ts';
import type { HyperparameterSpec } from './python-contract.ts';

/** The hyperparameter by which a recipe starts from a pretrained model, and the channel it reads. */
export const BASE_MODEL = 'base_model';

export const baseModelPrefix = new RegExp(
  `^${keys.baseModels}[A-Za-z0-9][\\w.-]*(?:/[A-Za-z0-9][\\w.-]*)*/$`,
);

/**
 * The artifact prefix that the value of `base_model` names; null when it names nothing of ours: a
 * model of the hub, or none.
 * @throws {MlopsError} `HYPERPARAMETER_INVALID` for one that only looks like a prefix.
 */
export function toBaseModelPrefix(value: HyperparameterValue | undefined): string | null {
  const text = String(value ?? '');
  if (!text.startsWith(keys.baseModels)) return null;
  const prefix = text.endsWith('/') ? text : `${text}/`;
  if (baseModelPrefix.test(prefix)) return prefix;
  throw new MlopsError('HYPERPARAMETER_INVALID', `${BASE_MODEL} = “${text}” is not a folder.`, {
    hint: `Use a folder such as ${keys.baseModels}distilbert-base-uncased/.`,
  });
}

/** What a run uses for a setting that is not among its values. */
export function defaultOf(
  spec: HyperparameterSpec,
  values: Readonly<Record<string, HyperparameterValue>>,
): HyperparameterValue {
  const hasBaseModel = (values[BASE_MODEL] ?? '') !== '';
  return hasBaseModel ? (spec.defaultWithBaseModel ?? spec.default) : spec.default;
}
