// `npm run deploy`: deploys a stage to the AWS account of your credentials and prints what to do in
// Slack. Safe to repeat.
//   npm run deploy                         the stage "production"
//   npm run deploy -- --stage development
//   npm run deploy -- --yes                without the question about permissions (CI)
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root).catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { deploy } = await import('../infra/cli/deploy.ts');
const { explainAndExit: explain } = await import('../infra/cli/cli-error.ts');
await deploy(root, process.argv.slice(2), process.env).catch(explain);
