import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { iamTable, permissionsIn } from '../../infra/permissions/iam-table.ts';
import { synthesize } from './synthesized.ts';

const document = resolve(import.meta.dirname, '../../docs/aws.md');
const own = permissionsIn(synthesize().serviceTemplate.toJSON()).filter(
  ({ who }) => !who.startsWith('CustomCDK'),
);
const of = (who: string) => own.filter((permission) => permission.who === who);
const actionsOf = (who: string) => of(who).flatMap(({ actions }) => actions);

const shownBeforeADecision = [
  '<FilesArtifacts>/corrections/*',
  '<FilesArtifacts>/runs/*/evaluation/*',
  '<FilesArtifacts>/runs/*/model-card.json*',
  '<FilesArtifacts>/runs/*/prepared/seen.json*',
  '<FilesArtifacts>/runs/*/prepared/test.jsonl*',
];

describe('what the functions may do', () => {
  it('is the table in docs/aws.md (UPDATE_DOCS=1 updates it)', () => {
    const between = /(<!-- iam:begin -->\n)[\s\S]*?(\n<!-- iam:end -->)/;
    const text = readFileSync(document, 'utf8');
    const wanted = text.replace(between, (_, begin, end) => `${begin}\n${iamTable(own)}\n${end}`);

    if (process.env.UPDATE_DOCS === '1') writeFileSync(document, wanted);

    expect(text.match(between)).not.toBeNull();
    expect(readFileSync(document, 'utf8')).toBe(wanted);
  });

  it('names no action by a wildcard', () => {
    expect(own.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual(
      [],
    );
  });

  it('covers all resources only where AWS has no resource ARNs', () => {
    const everywhere = own.filter(({ resources }) => resources.includes('*'));

    expect([...new Set(everywhere.flatMap(({ actions }) => actions))].sort()).toEqual([
      'cloudwatch:GetMetricStatistics',
      'cloudwatch:PutMetricData',
      'ecr:GetAuthorizationToken',
      'sagemaker:ListEndpointConfigs',
    ]);
  });

  it.each([
    ['slack', ['sagemaker:Create', 'sagemaker:Update', 'sagemaker:Delete', 's3:Delete', 'iam:']],
    [
      'announce',
      [
        'sagemaker:Create',
        'sagemaker:Update',
        'sagemaker:Delete',
        's3:',
        'lambda:',
        'events:',
        'iam:',
      ],
    ],
    ['ingest', ['sagemaker:', 'ssm:', 'iam:', 'lambda:Send']],
    ['signals', ['sagemaker:Create', 'sagemaker:Delete', 'ssm:', 'iam:', 's3:Put']],
    [
      'commands',
      [
        'sagemaker:Create',
        'sagemaker:Update',
        'sagemaker:Delete',
        's3:Put',
        's3:Delete',
        'ssm:',
        'iam:',
      ],
    ],
    ['prepare', ['sagemaker:', 'dynamodb:', 'ssm:', 'iam:', 'lambda:', 'events:']],
    ['pipeline', ['ssm:', 's3:Delete', 'iam:Create', 'iam:Attach']],
  ])('keeps %s from what is not its work', (who, forbidden) => {
    const actions = actionsOf(who);

    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => forbidden.some((part) => action.startsWith(part)))).toEqual(
      [],
    );
  });

  it('lets commands read what models answered and the rows they were asked, and none they were trained on', () => {
    const files = of('commands').filter(({ actions }) => actions.includes('s3:GetObject'));

    expect(files.flatMap(({ resources }) => resources)).toEqual(shownBeforeADecision);
  });

  it('lets slack read the same, write corrections and drop datasets, and no other file', () => {
    const files = of('slack').filter(({ actions }) =>
      actions.some((action) => ['s3:GetObject', 's3:PutObject'].includes(action)),
    );

    expect(files.flatMap(({ actions, resources }) => [...actions, ...resources])).toEqual([
      's3:GetObject',
      ...shownBeforeADecision,
      's3:PutObject',
      '<FilesArtifacts>/corrections/*',
      '<FilesArtifacts>/slack-inbox/*',
    ]);
  });

  it('lets only the pipeline change endpoints, run jobs and pass roles, to SageMaker alone', () => {
    const may = (action: string) => [
      ...new Set(own.filter(({ actions }) => actions.includes(action)).map(({ who }) => who)),
    ];

    expect(may('sagemaker:UpdateEndpoint')).toEqual(['pipeline']);
    expect(may('sagemaker:CreateTrainingJob')).toEqual(['pipeline']);
    expect(may('iam:PassRole')).toEqual(['pipeline']);
    for (const { actions, condition, resources } of of('pipeline')) {
      if (!actions.includes('iam:PassRole')) continue;
      expect(condition).toContain('sagemaker.amazonaws.com');
      expect(resources.some((resource) => resource.includes('*'))).toBe(false);
    }
  });

  it('lets only the two functions that use Slack read its secrets, by their exact names', () => {
    const readers = own.filter(({ actions }) => actions.includes('ssm:GetParameters'));

    expect(readers.map(({ who }) => who)).toEqual(['announce', 'slack']);
    expect(readers.find(({ who }) => who === 'announce')?.resources).toHaveLength(1);
    for (const { resources } of readers) {
      expect(
        resources.every((resource) => /\/slack\/(bot-token|signing-secret)$/.test(resource)),
      ).toBe(true);
    }
  });

  it('limits writes to the kinds of items a function owns', () => {
    const writers = own.filter(({ actions }) => actions.includes('dynamodb:PutItem'));

    for (const { condition } of writers) expect(condition).toMatch(/LeadingKeys = /);
    expect(
      writers.filter(({ condition }) => condition.includes('DOC#')).map(({ who }) => who),
    ).toEqual(['announce']);
  });

  it('addresses callbacks to versions, because an unqualified ARN never matches', () => {
    const wakers = own.filter(({ actions }) =>
      actions.includes('lambda:SendDurableExecutionCallbackSuccess'),
    );

    expect(wakers.map(({ who }) => who).sort()).toEqual([
      'commands',
      'pipeline',
      'signals',
      'slack',
    ]);
    for (const { resources } of wakers) expect(resources).toEqual(['<pipeline>:*']);
  });
});
