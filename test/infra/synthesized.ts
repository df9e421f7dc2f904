import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { Bundles } from '../../infra/bundle/bundle-all.ts';
import { lambdaNames } from '../../infra/bundle/entries.ts';
import type { Stage } from '../../infra/config/stage.ts';
import { stages } from '../../infra/config/stages.ts';
import { createApp } from '../../infra/create-app.ts';
import teamConfig from '../../mlops.config.ts';
import type { Config } from '../../pipeline/core/config.ts';

/** Folders with one line of code each: templates do not depend on what the functions do. */
function emptyBundles(): Bundles {
  const root = mkdtempSync(join(tmpdir(), 'mlops-bundles-'));
  const folder = (name: string, file: string) => {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, file), '');
    return join(root, name);
  };
  const functions = Object.fromEntries(
    lambdaNames.map((name) => [name, folder(name, 'index.mjs')]),
  );
  return {
    functions: functions as Bundles['functions'],
    prepare: folder('prepare', 'prepare_lambda.py'),
    training: folder('training', 'evaluate_model.py'),
  };
}

const githubStage: Stage = {
  ...stages.production,
  retrain: { spam: 'rate(7 days)' },
  github: { repository: 'example/mlops-bot', environment: 'production' },
};

/** Every stack of a stage, with its templates. */
export function synthesize(stage: Stage = githubStage, config: Config = teamConfig) {
  const outdir = mkdtempSync(join(tmpdir(), 'mlops-cdk-'));
  const made = createApp({ stage, config, bundles: emptyBundles(), outdir });
  made.app.synth();
  return {
    ...made,
    outdir,
    dataTemplate: Template.fromStack(made.data),
    serviceTemplate: Template.fromStack(made.service),
    githubTemplate: made.github === null ? null : Template.fromStack(made.github),
  };
}
