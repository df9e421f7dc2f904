// `npm run gallery`: sets everything up, then shows every message (bot/local/gallery/main.ts).
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root).catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('../bot/local/gallery/main.ts');
await main(root, process.argv.slice(2));
