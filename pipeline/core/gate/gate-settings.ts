import type { GatePolicy } from '../config.ts';
import { MlopsError } from '../errors.ts';

/** Settings of the gate as people type them, and what each is called in the configuration. */
const settings = {
  metric: 'metric',
  minimum: 'minimum',
  margin: 'nonInferiorityMargin',
  tolerance: 'tolerance',
  max_recall_drop: 'maxRecallDrop',
  per_class_rows: 'perClassRows',
  max_slice_drop: 'maxSliceDrop',
  minimum_rows: 'minimumRows',
} as const satisfies Readonly<Record<string, keyof GatePolicy>>;

export type TypedSettings = Readonly<Record<string, string>>;

export const gateSettings: readonly string[] = Object.keys(settings);

/**
 * The policy with other settings, as typed.
 * @throws {MlopsError} `REQUEST_INVALID` naming the setting and what is allowed.
 */
export function withSettings(policy: GatePolicy, typed: TypedSettings): GatePolicy {
  const changes = Object.entries(typed).map(([name, value]) => {
    if (!isSetting(name)) {
      throw new MlopsError('REQUEST_INVALID', `The gate has no setting “${name}”.`, {
        hint: `It has: ${gateSettings.join(', ')}.`,
      });
    }
    return [settings[name], readSetting(name, value)] as const;
  });
  return { ...policy, ...Object.fromEntries(changes) };
}

function readSetting(name: keyof typeof settings, value: string): string | number {
  switch (name) {
    case 'metric':
      if (value === 'macro_f1' || value === 'accuracy') return value;
      throw invalid(name, value, 'macro_f1 or accuracy');
    case 'per_class_rows':
    case 'minimum_rows':
      if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
      throw invalid(name, value, 'a whole number from 1');
    default:
      if (/^(0|1|0?\.\d{1,9}|1\.0+)$/.test(value)) return Number(value);
      throw invalid(name, value, 'a number from 0 to 1, such as 0.02');
  }
}

const isSetting = (name: string): name is keyof typeof settings => Object.hasOwn(settings, name);

const invalid = (name: string, value: string, wanted: string) =>
  new MlopsError('REQUEST_INVALID', `${name}=${value} is not ${wanted}.`);
