import { describe, expect, it } from 'vitest';
import { lazy } from '../../pipeline/aws/lambda/lazy.ts';

interface Store {
  get(key: string): Promise<string>;
  put(key: string): Promise<void>;
}

function setUp(failures = 0) {
  let loads = 0;
  const store: Store = { get: async (key) => `value of ${key}`, put: async () => {} };
  const load = async () => {
    loads += 1;
    if (loads <= failures) throw new Error('The file could not be read.');
    return store;
  };
  return { load, loads: () => loads };
}

describe('a lazily loaded object', () => {
  it('is loaded by its first call, and once', async () => {
    const { load, loads } = setUp();
    const store = lazy(load);
    const before = loads();

    const values = await Promise.all([store.get('a'), store.get('b')]);

    expect(values).toEqual(['value of a', 'value of b']);
    expect([before, loads()]).toEqual([0, 1]);
  });

  it('is loaded again after a failure', async () => {
    const { load, loads } = setUp(1);
    const store = lazy(load);

    await expect(store.get('a')).rejects.toThrow('could not be read');

    expect(await store.get('a')).toBe('value of a');
    expect(loads()).toBe(2);
  });

  it('is not loaded for what is there already, nor by being awaited', async () => {
    const { load, loads } = setUp();
    const store = await Promise.resolve(lazy(load, { get: async () => 'at once', size: 3 }));

    expect([await store.get('a'), store.size]).toEqual(['at once', 3]);
    expect(loads()).toBe(0);
  });
});
