// `npm run synth`: sets everything up, bundles the functions and writes the CloudFormation templates
// to dist/cdk.out. Needs no AWS credentials.
//   npm run synth -- --stage production
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { explainAndExit } from './setup/setup-error.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await prepareEnvironment(root).catch(explainAndExit);
const { register } = await import('tsx/esm/api');
register();
const { synth } = await import('../infra/cli/synth.ts');
const { explainAndExit: explain } = await import('../infra/cli/cli-error.ts');
await synth(root, process.argv.slice(2)).catch(explain);
