import { nameOf } from '../../../infra/permissions/iam-table.ts';
import type { Statement } from './policy.ts';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: object }>
  >;
}

export interface DeployedRole {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** The service that assumes it. */
  readonly trusts: string;
  /** Characters of the inline policies together, and of each managed policy, without white space. */
  readonly inlineCharacters: number;
  readonly managedCharacters: readonly number[];
}

export const deployedAccount = '123456789012';
export const deployedRegion = 'us-east-1';

const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': deployedAccount,
  'AWS::Region': deployedRegion,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The last part of the ARN of a resource of the stacks, by its type; `name` is its physical name. */
const arnEnds: Readonly<Record<string, (name: string) => string>> = {
  'AWS::S3::Bucket': (name) => `s3:::${name}`,
  'AWS::DynamoDB::GlobalTable': (name) => `dynamodb:${place}:table/${name}`,
  'AWS::Events::EventBus': (name) => `events:${place}:event-bus/${name}`,
  'AWS::SQS::Queue': (name) => `sqs:${place}:${name}`,
  'AWS::SNS::Topic': (name) => `sns:${place}:${name}`,
  'AWS::Lambda::Function': (name) => `lambda:${place}:function:${name}`,
  'AWS::Logs::LogGroup': (name) => `logs:${place}:log-group:${name}:*`,
  'AWS::IAM::Role': (name) => `iam::${deployedAccount}:role/${name}`,
};
const place = `${deployedRegion}:${deployedAccount}`;

/**
 * The roles of synthesised stacks, as they would be deployed. `named` gives the physical name of a
 * resource by its logical id; by default it is the readable part of that.
 */
export function deployedRoles(
  templates: readonly Template[],
  named: (logicalId: string) => string = nameOf,
): ReadonlyMap<string, DeployedRole> {
  const resources = Object.assign(
    {},
    ...templates.map(({ Resources = {} }) => Resources),
  ) as Record<string, Resource>;
  const exported = new Map(
    templates
      .flatMap(({ Outputs = {} }) => Object.values(Outputs))
      .flatMap(({ Value, Export }) =>
        Export === undefined ? [] : [[String((Export as { Name: unknown }).Name), Value] as const],
      ),
  );

  function arn(id: string): string {
    const resource = resources[id];
    if (resource?.Type === 'AWS::Lambda::Alias') {
      const target = resource.Properties?.FunctionName as { readonly Ref: string };
      return `${arn(target.Ref)}:${String(resource.Properties?.Name)}`;
    }
    const end = arnEnds[resource?.Type ?? ''];
    if (end === undefined) throw new Error(`No ARN is known for ${id} (${resource?.Type}).`);
    return `arn:aws:${end(named(id))}`;
  }

  function text(value: unknown): string {
    if (typeof value === 'string') return value;
    const [name = '', content] = Object.entries(value as Record<string, unknown>)[0] ?? [];
    switch (name) {
      case 'Ref': {
        const id = String(content);
        return pseudo[id] ?? (resources[id]?.Type === 'AWS::Lambda::Alias' ? arn(id) : named(id));
      }
      case 'Fn::GetAtt':
        return arn((content as readonly string[])[0] ?? '');
      case 'Fn::Join':
        return (content as [string, readonly unknown[]])[1].map(text).join('');
      case 'Fn::Sub':
        return String(content).replace(/\$\{([^}]+)\}/g, (_, key) => text({ Ref: key }));
      case 'Fn::ImportValue':
        return text(exported.get(String(content)));
      default:
        throw new Error(`The tests cannot resolve ${JSON.stringify(value)}.`);
    }
  }
  const texts = (value: unknown): string[] => [value].flat().map(text);

  function toStatement(raw: Readonly<Record<string, unknown>>): Statement {
    const conditions = (raw.Condition ?? {}) as Record<string, Record<string, unknown>>;
    return {
      sid: String(raw.Sid ?? ''),
      effect: raw.Effect === 'Deny' ? 'Deny' : 'Allow',
      actions: texts(raw.Action),
      resources: texts(raw.Resource),
      conditions: Object.fromEntries(
        Object.entries(conditions).map(([operator, keys]) => [
          operator,
          Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, texts(value)])),
        ]),
      ),
    };
  }

  const policies = Object.values(resources)
    .filter(({ Type }) => /^AWS::IAM::(?:Managed)?Policy$/.test(Type))
    .map(({ Type, Properties = {} }) => {
      const document = Properties.PolicyDocument as { Statement: Record<string, unknown>[] };
      const statements = document.Statement.map(toStatement);
      return {
        isManaged: Type === 'AWS::IAM::ManagedPolicy',
        roles: (Properties.Roles as { Ref: string }[]).map(({ Ref }) => Ref),
        statements,
        characters: JSON.stringify({
          Version: '2012-10-17',
          Statement: statements.map(({ conditions, ...rest }) => ({
            ...rest,
            ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
          })),
        }).length,
      };
    });
  return new Map(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .map(([id, { Properties = {} }]) => {
        const own = policies.filter(({ roles }) => roles.includes(id));
        const [trust] = (
          Properties.AssumeRolePolicyDocument as { Statement: { Principal: object }[] }
        ).Statement;
        const sizes = (isManaged: boolean) =>
          own.filter((each) => each.isManaged === isManaged).map(({ characters }) => characters);
        return [
          nameOf(id),
          {
            name: nameOf(id),
            statements: own.flatMap(({ statements }) => statements),
            trusts: String(Object.values(trust?.Principal ?? {})[0]),
            inlineCharacters: sizes(false).reduce((one, other) => one + other, 0),
            managedCharacters: sizes(true),
          },
        ];
      }),
  );
}
