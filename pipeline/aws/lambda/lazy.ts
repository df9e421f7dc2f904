type Asynchronous<T> = { readonly [Name in keyof T]: (...args: never[]) => Promise<unknown> };

/** Calls `load` at the first call and again only after it has failed. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  };
}

/**
 * An object whose methods, all asynchronous, wait for the real one, which the first call loads;
 * what is `here` already does not.
 */
export function lazy<T extends Asynchronous<T>>(load: () => Promise<T>): T;
export function lazy<T extends Asynchronous<T>, Here extends object>(
  load: () => Promise<T>,
  here: Here,
): T & Here;
export function lazy<T extends Asynchronous<T>>(load: () => Promise<T>, here: object = {}) {
  const loaded = once(load);
  return new Proxy(here, {
    get(target, name, receiver) {
      // A promise that is resolved with this object asks for `then`.
      if (name in target || name === 'then') return Reflect.get(target, name, receiver);
      return async (...args: never[]) => {
        const real = await loaded();
        return real[name as keyof T](...args);
      };
    },
  });
}
