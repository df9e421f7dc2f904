import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import config from '../../mlops.config.ts';
import { stageNamed } from '../config/stages.ts';
import { costOf, costTable, withModels } from '../cost/cost-report.ts';
import { PRICE_REGION, PRICES_OF } from '../cost/prices.ts';
import { CliError } from './cli-error.ts';

const MANY = 10;

/** Prints what a stage costs in a month; `--json FILE` also writes the figures. */
export async function cost(_root: string, args: readonly string[]): Promise<void> {
  const { stage, json } = readCostOptions(args);
  const report = costOf(stageNamed(stage), config);
  const many = costOf(stageNamed(stage), withModels(config, MANY));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(
    `USD a month at list prices of ${PRICE_REGION}, ${PRICES_OF}\n\n${costTable(report, many, MANY)}\n`,
  );
}

function readCostOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'production' },
        json: { type: 'string' },
      },
    });
    stageNamed(values.stage);
    return values;
  } catch (error) {
    throw new CliError(
      error instanceof Error ? error.message : String(error),
      'Options: --stage <name>, --json <file>.',
    );
  }
}
