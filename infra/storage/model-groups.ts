import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { Construct } from 'constructs';

/** One group of the SageMaker Model Registry per model; its versions outlive the stack. */
export class ModelGroups extends Construct {
  constructor(scope: Construct, id: string, models: Readonly<Record<string, { title: string }>>) {
    super(scope, id);
    for (const [model, { title }] of Object.entries(models)) {
      const group = new CfnModelPackageGroup(this, model, {
        modelPackageGroupName: model,
        modelPackageGroupDescription: `Versions of ${title}, registered by mlops-bot.`,
      });
      // Their names are fixed: a first deployment that fails must not leave them in the way of the next.
      group.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    }
  }
}
