import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArtifactStore } from '../../pipeline/core/ports.ts';

/** What every {@link ArtifactStore} keeps; `make` returns an empty one. */
export function describeArtifactStore(name: string, make: () => Promise<ArtifactStore>): void {
  const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);

  describe(`ArtifactStore: ${name}`, () => {
    it('returns text and bytes as they were put', async () => {
      const artifacts = await make();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

      await artifacts.put('runs/a/report.json', '{"name":"Zoë"}');
      await artifacts.put('runs/a/bytes', bytes);

      expect(text(await artifacts.get('runs/a/report.json'))).toBe('{"name":"Zoë"}');
      expect(await artifacts.get('runs/a/bytes')).toEqual(bytes);
    });

    it('has null for a key that was never put', async () => {
      const artifacts = await make();
      await artifacts.put('runs/a/file', 'x');

      expect(await artifacts.get('runs/b/file')).toBeNull();
      expect(await artifacts.get('runs/a')).toBeNull();
      expect(await artifacts.get('runs/a/file/more')).toBeNull();
    });

    it('holds the later bytes of a key that was put twice', async () => {
      const artifacts = await make();

      await artifacts.put('key', 'a longer first body');
      await artifacts.put('key', 'second');

      expect(text(await artifacts.get('key'))).toBe('second');
    });

    it('stores a stream, also an empty one', async () => {
      const artifacts = await make();
      async function* chunks() {
        for (const chunk of ['one,', 'two,', 'three']) yield new TextEncoder().encode(chunk);
      }

      await artifacts.putStream('streams/full', chunks());
      await artifacts.putStream('streams/empty', (async function* () {})());

      expect(text(await artifacts.get('streams/full'))).toBe('one,two,three');
      expect(text(await artifacts.get('streams/empty'))).toBe('');
    });

    it('leaves nothing behind when the stream breaks off', async () => {
      const artifacts = await make();
      async function* broken() {
        yield new TextEncoder().encode('half');
        throw new Error('The connection was lost.');
      }

      const stored = artifacts.putStream('streams/broken', broken());

      await expect(stored).rejects.toThrow('The connection was lost.');
      expect(await artifacts.get('streams/broken')).toBeNull();
      expect(await artifacts.list('')).toEqual([]);
    });

    it('digests the bytes that are there now, of any size', async () => {
      const artifacts = await make();
      const chunk = new Uint8Array(1024 * 1024).fill(7);
      async function* chunks() {
        for (let i = 0; i < 9; i++) yield chunk;
      }
      const whole = createHash('sha256');
      for (let i = 0; i < 9; i++) whole.update(chunk);

      await artifacts.putStream('runs/a/model.tar.gz', chunks());
      await artifacts.put('runs/a/small', 'first');
      const before = await artifacts.sha256('runs/a/small');
      await artifacts.put('runs/a/small', 'other');

      expect(await artifacts.sha256('runs/a/model.tar.gz')).toBe(whole.digest('hex'));
      expect(before).toBe(createHash('sha256').update('first').digest('hex'));
      expect(await artifacts.sha256('runs/a/small')).not.toBe(before);
      expect(await artifacts.sha256('runs/a/none')).toBeNull();
      expect(await artifacts.sha256('runs/a')).toBeNull();
      await expect(artifacts.sha256('../outside')).rejects.toThrow(/not a valid artifact key/);
    });

    it('lists the keys under a prefix, sorted', async () => {
      const artifacts = await make();
      for (const key of ['runs/b/2', 'runs/a/x/deep', 'runs/a/1', 'runs/ab', 'other']) {
        await artifacts.put(key, key);
      }

      expect(await artifacts.list('runs/a/')).toEqual(['runs/a/1', 'runs/a/x/deep']);
      expect(await artifacts.list('runs/a')).toEqual(['runs/a/1', 'runs/a/x/deep', 'runs/ab']);
      expect(await artifacts.list('nothing/')).toEqual([]);
      expect(await artifacts.list('')).toHaveLength(5);
    });

    it.each([
      '../outside',
      'runs/../../outside',
      '/absolute',
      'runs//empty',
      './here',
      'runs\\..\\windows',
      'nul\u0000byte',
      'line\nbreak',
      '',
    ])('refuses the key %j', async (key) => {
      const artifacts = await make();

      await expect(artifacts.put(key, 'x')).rejects.toThrow(/not a valid artifact key/);
      await expect(artifacts.get(key)).rejects.toThrow(/not a valid artifact key/);
      expect(await artifacts.list('')).toEqual([]);
    });
  });
}
