// `node scripts/screenshots.mjs`: takes the pictures of docs/images anew (screenshots/main.ts).
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './setup/chromium.mjs';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root, { development: true }).catch(explainAndExit);
const chromium = await ensureChromium().catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./screenshots/main.ts');
await main({ root, args: process.argv.slice(2), environment: process.env, chromium });
