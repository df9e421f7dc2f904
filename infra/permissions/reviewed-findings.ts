import type {
  App,
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledgedReason } from './acknowledge.ts';

/** The checks of cdk-nag, without findings that the code accepts with a reason. */
export function reviewedFindings(app: App): IPolicyValidationPlugin {
  const checks = new AwsSolutionsChecks(app);
  return {
    name: checks.name,
    validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
      const constructs = new Map(app.node.findAll().map((each) => [each.node.path, each]));
      const violations = checks.validate(context).violations.flatMap((violation) => {
        const open = violation.violatingResources.filter(({ constructPath = '' }) => {
          const found = constructs.get(constructPath);
          return found === undefined || acknowledgedReason(found, violation.ruleName) === null;
        });
        return open.length === 0 ? [] : [{ ...violation, violatingResources: open }];
      });
      return { success: violations.length === 0, violations };
    },
  };
}
