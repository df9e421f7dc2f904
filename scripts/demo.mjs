// `npm run demo`: sets everything up, then plays the whole story without a browser (demo/story.ts).
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root).catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { main } = await import('./demo/main.ts');
await main(root, process.argv.slice(2), process.env);
