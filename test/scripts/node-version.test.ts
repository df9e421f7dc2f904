import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isSupportedNode } from '../../scripts/setup/node-version.mjs';

const read = (file: string) => readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8');
const { engines } = JSON.parse(read('package.json'));

describe('isSupportedNode', () => {
  it.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.11.0', false],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('%s: %s', (version, isSupported) => {
    expect(isSupportedNode(version)).toBe(isSupported);
  });

  it('is what package.json asks for', () => {
    expect(engines.node).toBe('^20.19 || ^22.12 || >=24');
  });

  it('holds for every version that CI tests, the oldest line included', () => {
    const { jobs } = load(read('.github/workflows/ci.yml')) as {
      jobs: { test: { strategy: { matrix: { node: readonly string[] } } } };
    };
    const { node } = jobs.test.strategy.matrix;

    expect(node).toEqual(['20.19', '24']);
    for (const version of node) expect(isSupportedNode(`${version}.0`)).toBe(true);
  });
});
