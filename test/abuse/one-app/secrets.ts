import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { entriesUnder } from '../../../pipeline/local/folders.ts';
import { attack } from '../attack.ts';
import { endOf } from '../running-app.ts';
import { canaries, type Target } from './target.ts';

/** Ends the app and looks for secrets in everything it left. */
export function secrets(target: () => Target): void {
  attack('secrets', 'of the environment turn up nowhere', async (survives) => {
    const { data, app, client, environments } = target();
    const messages = JSON.stringify(await client.messages('C0MLOPS'));
    app.signal('SIGTERM');
    expect(await endOf(app, 30)).toBe(0);
    // The odd names of the inbox hold nothing of the app.
    rmSync(join(data, 'inbox'), { recursive: true });
    const files = await entriesUnder(data);
    const texts = files
      .filter(({ isFile }) => isFile)
      .map(({ path }) => [path, readFileSync(join(data, path), 'latin1')] as const);
    for (const [name, secret] of Object.entries(canaries)) {
      await survives(name, () => {
        expect(environments.size).toBeGreaterThan(0);
        expect(
          [...environments].filter((each) => each.includes(secret) || each.includes(`${name}=`)),
        ).toEqual([]);
        expect(texts.filter(([, text]) => text.includes(secret)).map(([path]) => path)).toEqual([]);
        expect(app.output()).not.toContain(secret);
        expect(messages).not.toContain(secret);
      });
    }
    await survives('the log says nothing unexpected', () => {
      expect(app.output()).not.toMatch(/unexpected error|\n\s+at /);
    });
  });
}
