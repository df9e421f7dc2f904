import { rmSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../mlops.config.ts';
import { bundleAll } from '../bundle/bundle-all.ts';
import { createApp } from '../create-app.ts';
import { readOptions } from './options.ts';

/** Bundles the functions and writes the templates of a stage to `dist/cdk.out`. */
export async function synth(root: string, args: readonly string[]) {
  const { stage } = readOptions(args);
  const bundles = await bundleAll(root, join(root, 'dist', 'lambda'));
  const outdir = join(root, 'dist', 'cdk.out');
  rmSync(outdir, { recursive: true, force: true });
  const made = createApp({ stage, config, bundles, outdir });
  made.app.synth();
  const stacks = [made.data, made.service, made.github].flatMap((stack) =>
    stack === null ? [] : [stack.stackName],
  );
  process.stdout.write(`✓ Templates of stage ${stage.name} (${stage.region}) in ${outdir}\n`);
  for (const stack of stacks) process.stdout.write(`  ${stack}\n`);
  return { stage, outdir, stacks };
}
