import { App, Tags, Validations } from 'aws-cdk-lib';
import type { Config } from '../pipeline/core/config.ts';
import type { Bundles } from './bundle/bundle-all.ts';
import type { Stage } from './config/stage.ts';
import { PRODUCT, stackName } from './names.ts';
import { reviewedFindings } from './permissions/reviewed-findings.ts';
import { DataStack } from './stacks/data-stack.ts';
import { GithubStack } from './stacks/github-stack.ts';
import { ServiceStack } from './stacks/service-stack.ts';

/**
 * Builds the stacks of one stage. The credentials that deploy decide the account; none is needed
 * here.
 */
export function createApp(options: {
  readonly stage: Stage;
  readonly config: Config;
  readonly bundles: Bundles;
  /** Folder for the templates. */
  readonly outdir: string;
}) {
  const { stage, config, bundles, outdir } = options;
  requireImages(stage, config);
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': true,
      // Delivers logs by bucket policy; the older way needs access control lists.
      '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
    },
  });
  const place = { env: { region: stage.region } };
  const data = new DataStack(app, stackName(stage.name, 'data'), { ...place, stage });
  const service = new ServiceStack(app, stackName(stage.name, 'service'), {
    ...place,
    stage,
    config,
    bundles,
    bucket: data.bucket,
    table: data.table,
  });
  const github =
    stage.github === null
      ? null
      : new GithubStack(app, stackName(stage.name, 'github'), {
          ...place,
          github: stage.github,
          commandsAlias: service.commandSources.ci,
        });
  // cfn-lint does not know tags on dashboards yet.
  const tagged = { excludeResourceTypes: ['AWS::CloudWatch::Dashboard'] };
  Tags.of(app).add('product', PRODUCT, tagged);
  Tags.of(app).add('stage', stage.name, tagged);
  Validations.of(app).addPlugins(reviewedFindings(app));
  return { app, data, service, github };
}

/** @throws {Error} naming the recipes of the models that have no images. */
function requireImages(stage: Stage, config: Config): void {
  const recipes = new Set(Object.values(config.models).map(({ recipe }) => recipe));
  const missing = [...recipes].filter((recipe) => !Object.hasOwn(stage.images, recipe));
  if (missing.length === 0) return;
  throw new Error(
    `The stage “${stage.name}” has no images for the recipe ${missing.map((name) => `“${name}”`).join(', ')}: add them in infra/config/images.ts.`,
  );
}
