type Value = string | number | boolean;

/** A setting in which a run differs from the version in production. */
export interface SettingChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** How the hyperparameters of a run follow from those of the version in production. */
export interface RunSettings {
  /** Version they are compared with; null when nothing was in production. */
  readonly against: number | null;
  /** Values that were typed for the version in production and apply to this run too. */
  readonly inherited: Readonly<Record<string, Value>>;
  /** What the configuration said of the typed and inherited ones; null: nothing. */
  readonly configured: Readonly<Record<string, Value | null>>;
  readonly changes: readonly SettingChange[];
}
