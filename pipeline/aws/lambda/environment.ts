export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A variable that the stack sets.
 * @throws {Error} naming the one that is missing.
 */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: deploy the stack again.`);
  }
  return value;
}
