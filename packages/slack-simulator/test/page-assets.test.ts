import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadPageAssets } from '../src/page-assets.ts';

let stateFolder: string;
const cache = () => join(stateFolder, 'page-cache');
const load = () => loadPageAssets({ stateFolder, pageModules: [] });

beforeEach(() => {
  stateFolder = mkdtempSync(join(tmpdir(), 'page-assets-'));
});

afterEach(() => rmSync(stateFolder, { recursive: true, force: true }));

describe('the bundled page', () => {
  it.each([
    ['cut in half', (text: string) => text.slice(0, text.length >> 1)],
    ['empty', () => ''],
    ['changed by a byte', (text: string) => text.replace('function', 'functiom')],
  ])('is bundled anew when what was kept of it is %s', async (_, damage) => {
    const whole = await load();
    const [name = ''] = readdirSync(cache());
    const file = join(cache(), name);
    writeFileSync(file, damage(readFileSync(file, 'utf8')));

    expect((await load()).script === whole.script).toBe(true);
  });

  it('is served although it cannot be kept', async () => {
    writeFileSync(cache(), '');

    expect((await load()).script.length).toBeGreaterThan(1000);
  });
});
