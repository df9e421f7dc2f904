import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../pipeline/core/config.ts';
import { emptyBundles } from '../bundle/empty-bundles.ts';
import type { Stage } from '../config/stage.ts';
import { createApp } from '../create-app.ts';
import { type CostLine, estimate, totalOf } from './estimate.ts';
import { idleProfile, standardProfile } from './profile.ts';
import type { CostTemplate } from './read-template.ts';

export interface CostReport {
  readonly standard: number;
  readonly idle: number;
  readonly lines: readonly {
    readonly service: string;
    readonly standard: number;
    readonly idle: number;
    readonly how: string;
  }[];
}

/** The bill of a stage for its models in a standard and in an idle month, in USD. */
export function costOf(stage: Stage, config: Config): CostReport {
  const templates = synthesized(stage, config);
  const standard = estimate(templates, config, standardProfile);
  const idle = estimate(templates, config, idleProfile);
  return {
    standard: totalOf(standard),
    idle: totalOf(idle),
    lines: standard.map((line, index) => ({
      service: line.service,
      standard: line.usd,
      idle: (idle[index] as CostLine).usd,
      how: line.how,
    })),
  };
}

/** The models of a configuration, repeated until there are so many. */
export function withModels(config: Config, count: number): Config {
  const models = Object.values(config.models);
  return {
    ...config,
    models: Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `model-${at + 1}`,
        models[at % models.length] as (typeof models)[number],
      ]),
    ),
  };
}

/** The two reports as a Markdown table by service. */
export function costTable(report: CostReport, many: CostReport, count: number): string {
  const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row('service', 'standard', 'idle', `standard, ${count} models`, `idle, ${count} models`, 'how'),
    '|---|---|---|---|---|---|',
    ...report.lines.map(({ service, standard, idle, how }, index) =>
      row(
        service,
        usd(standard),
        usd(idle),
        usd(many.lines[index]?.standard ?? 0),
        usd(many.lines[index]?.idle ?? 0),
        how,
      ),
    ),
    row(
      '**total**',
      `**${usd(report.standard)}**`,
      `**${usd(report.idle)}**`,
      `**${usd(many.standard)}**`,
      `**${usd(many.idle)}**`,
      '',
    ),
  ].join('\n');
}

const usd = (value: number) => (value === 0 ? '0' : value.toFixed(2));

function synthesized(stage: Stage, config: Config): readonly CostTemplate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'mlops-cost-'));
  const made = createApp({ stage, config, bundles: emptyBundles(), outdir });
  const assembly = made.app.synth();
  return assembly.stacks.map(({ template }) => template as CostTemplate);
}
