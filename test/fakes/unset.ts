/** Throws: a test used a part of a fake that it did not set up. */
export function unset(what: string): never {
  throw new Error(`The test did not set ${what}.`);
}
