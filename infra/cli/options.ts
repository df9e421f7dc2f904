import { parseArgs } from 'node:util';
import type { Stage } from '../config/stage.ts';
import { stageNamed } from '../config/stages.ts';
import { CliError } from './cli-error.ts';

export interface CliOptions {
  readonly stage: Stage;
  /** Skips every question. */
  readonly yes: boolean;
}

/** @throws {CliError} for an unknown option or stage. */
export function readOptions(args: readonly string[]): CliOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'production' },
        yes: { type: 'boolean', default: false },
      },
    });
    return { stage: stageNamed(values.stage), yes: values.yes };
  } catch (error) {
    throw new CliError(
      error instanceof Error ? error.message : String(error),
      'Options: --stage <name>, --yes.',
    );
  }
}
