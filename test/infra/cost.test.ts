import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stages } from '../../infra/config/stages.ts';
import { costOf, costTable, withModels } from '../../infra/cost/cost-report.ts';
import { estimate } from '../../infra/cost/estimate.ts';
import { standardProfile } from '../../infra/cost/profile.ts';
import { namespacesIn } from '../../infra/cost/read-template.ts';
import config from '../../mlops.config.ts';
import { synthesize } from './synthesized.ts';

const document = resolve(import.meta.dirname, '../../docs/aws.md');

describe('the bill of a month', { timeout: 60_000 }, () => {
  const report = costOf(stages.production, config);

  it('is at most 3.30 USD for a standard month and 0.50 USD for an idle one', () => {
    expect(report.standard).toBeLessThanOrEqual(3.3);
    expect(report.idle).toBeLessThanOrEqual(0.5);
  });

  it('is the table in docs/aws.md (UPDATE_DOCS=1 updates it)', () => {
    const between = /(<!-- cost:begin -->\n)[\s\S]*?(\n<!-- cost:end -->)/;
    const text = readFileSync(document, 'utf8');
    const table = costTable(report, costOf(stages.production, withModels(config, 10)), 10);
    const wanted = text.replace(between, (_, begin, end) => `${begin}\n${table}\n${end}`);

    if (process.env.UPDATE_DOCS === '1') writeFileSync(document, wanted);

    expect(text.match(between)).not.toBeNull();
    expect(readFileSync(document, 'utf8')).toBe(wanted);
  });

  it('leaves out no type of resource', () => {
    const template = { Resources: { Nat: { Type: 'AWS::EC2::NatGateway' } } };

    expect(() => estimate([template], config, standardProfile)).toThrow('AWS::EC2::NatGateway');
  });

  it('leaves out no namespace of metrics, in alarms or on dashboards', () => {
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: { Namespace: 'Bought' } };
    const body = (metrics: object) => ({
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardBody: JSON.stringify({ widgets: [{ properties: { metrics } }] }) },
    });
    const widget = body([['Drawn', 'Errors', 'Model', 'spam']]);
    const search = body([[{ expression: "SEARCH('{Found,Host} spam', 'Average', 60)" }]]);

    for (const [name, resource] of Object.entries({
      Bought: alarm,
      Drawn: widget,
      Found: search,
    })) {
      const wrong = () => estimate([{ Resources: { resource } }], config, standardProfile);
      expect(wrong).toThrow(`the metrics of ${name}`);
    }
  });

  it('finds the namespaces of all alarms and widgets of the templates', () => {
    expect([...namespacesIn([synthesize().serviceTemplate.toJSON()])].sort()).toEqual([
      '/aws/sagemaker/Endpoints',
      '/aws/sagemaker/TrainingJobs',
      'AWS/Lambda',
      'AWS/SQS',
      'AWS/SageMaker',
      'MlopsBot',
    ]);
  });

  it('counts each metric of an alarm that computes', () => {
    const stat = { Id: 'a', MetricStat: {} };
    const Metrics = [stat, { ...stat, Id: 'b' }, { Id: 'e', Expression: 'a / b' }];
    const alarms = Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [
        `Alarm${at}`,
        { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics } },
      ]),
    );

    const lines = estimate([{ Resources: alarms }], config, standardProfile);

    expect(lines.find(({ service }) => service === 'CloudWatch alarms')?.usd).toBeCloseTo(1);
  });

  it('knows the price of every machine', () => {
    const [spam] = Object.values(config.models);
    const training = { ...spam?.training, instanceType: 'ml.p9.huge' };
    const models = { spam: { ...spam, training } } as unknown as typeof config.models;

    expect(() => estimate([], { ...config, models }, standardProfile)).toThrow('ml.p9.huge');
  });
});
