// `npm run destroy`: takes a stage's service down and says what it keeps.
//   npm run destroy -- --stage development
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root).catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { destroy } = await import('../infra/cli/destroy.ts');
const { explainAndExit: explain } = await import('../infra/cli/cli-error.ts');
await destroy(root, process.argv.slice(2), process.env).catch(explain);
