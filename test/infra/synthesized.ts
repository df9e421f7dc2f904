import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { emptyBundles } from '../../infra/bundle/empty-bundles.ts';
import type { Stage } from '../../infra/config/stage.ts';
import { stages } from '../../infra/config/stages.ts';
import { createApp } from '../../infra/create-app.ts';
import teamConfig from '../../mlops.config.ts';
import type { Config } from '../../pipeline/core/config.ts';

export const githubStage: Stage = {
  ...stages.production,
  retrain: { spam: 'rate(7 days)' },
  github: {
    repository: 'example/mlops-bot',
    environment: 'production',
    ids: { owner: 12, repository: 34 },
  },
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
