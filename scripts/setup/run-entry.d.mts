export interface Entry {
  readonly setUp: () => Promise<void> | void;
  /** Relative to the root of the checkout. */
  readonly module: string;
  /** The exported function. */
  readonly call: string;
  /** The module that explains its expected errors. */
  readonly errors?: string;
}

export const entries: Readonly<Record<string, Entry>>;
export function runEntry(name: string, args: readonly string[]): Promise<void>;
