import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import {
  OidcProviderNative,
  PolicyStatement,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';

const ISSUER = 'token.actions.githubusercontent.com';

export interface GithubStackProps extends StackProps {
  readonly github: NonNullable<Stage['github']>;
  /** The alias of the function *commands* that CI may invoke. */
  readonly commandsAlias: Alias;
}

/**
 * Roles that the workflows of one repository may assume by OIDC, so no key is stored anywhere.
 * Deploying requires the protected environment, so its reviewers decide.
 */
export class GithubStack extends Stack {
  constructor(scope: Construct, id: string, { github, commandsAlias, ...props }: GithubStackProps) {
    super(scope, id, props);
    const { environment } = github;
    const providerArn =
      github.hasProvider === true
        ? this.formatArn({
            service: 'iam',
            region: '',
            resource: 'oidc-provider',
            resourceName: ISSUER,
          })
        : new OidcProviderNative(this, 'Github', {
            url: `https://${ISSUER}`,
            clientIds: ['sts.amazonaws.com'],
          }).oidcProviderArn;
    const role = (name: string, description: string, ...subjects: readonly string[]) =>
      new Role(this, name, {
        description,
        maxSessionDuration: Duration.hours(1),
        assumedBy: new WebIdentityPrincipal(providerArn, {
          StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
          StringLike: {
            [`${ISSUER}:sub`]: subjects.flatMap((subject) =>
              namesOf(github).map((name) => `repo:${name}:${subject}`),
            ),
          },
        }),
      });
    const deploy = role('Deploy', 'Deploys main after review.', `environment:${environment}`);
    deploy.addToPolicy(assumeBootstrap(this, 'deploy', 'file-publishing', 'lookup'));
    const diff = role('Diff', 'Compares a pull request with the deployed stacks.', 'pull_request');
    diff.addToPolicy(assumeBootstrap(this, 'lookup'));
    const retrain = role('Retrain', 'Starts runs and reads their verdicts.', 'ref:refs/heads/main');
    retrain.addToPolicy(
      new PolicyStatement({
        sid: 'UseCommands',
        actions: ['lambda:InvokeFunction'],
        resources: [commandsAlias.functionArn],
      }),
    );
    for (const [name, { roleArn }] of Object.entries({ deploy, diff, retrain })) {
      new CfnOutput(this, `${name}RoleArn`, {
        description: `Value of the repository variable AWS_${name.toUpperCase()}_ROLE.`,
        value: roleArn,
      });
    }
  }
}

/**
 * How GitHub names the repository in its tokens: repositories made since 15 July 2026 have the ids of
 * owner and repository in it. Without ids any will do: names cannot contain an “@”.
 */
function namesOf({ repository, ids }: GithubStackProps['github']): readonly string[] {
  const [owner = '', name = ''] = repository.split('/');
  return [repository, `${owner}@${ids?.owner ?? '*'}/${name}@${ids?.repository ?? '*'}`];
}

/** Allows assuming roles of `cdk bootstrap`, which have the permissions to deploy. */
function assumeBootstrap(stack: Stack, ...kinds: readonly string[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'UseBootstrapRoles',
    actions: ['sts:AssumeRole'],
    resources: kinds.map((kind) =>
      stack.formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `cdk-hnb659fds-${kind}-role-${stack.account}-${stack.region}`,
      }),
    ),
  });
}
