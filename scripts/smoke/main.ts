import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CliError } from '../../infra/cli/cli-error.ts';
import type { Stage } from '../../infra/config/stage.ts';
import { stageNamed } from '../../infra/config/stages.ts';
import config from '../../mlops.config.ts';
import { openStage } from '../mlops/open-stage.ts';
import { openSmokeStage } from './open-smoke-stage.ts';
import { runSmoke } from './run-smoke.ts';
import { cheapestModel, smokeCost } from './smoke-cost.ts';

const usage = `Plays the shortest history of a model on a deployed stage and cleans up after itself.

  npm run smoke -- --stage development
  --model <name>            a model without anything live (default: the one with the cheapest machine)
  --approval-minutes <n>    how long a person may take to approve in Slack (default 15; 0: do not ask)
  --yes                     starts without asking

Exit codes: 0 passed · 1 something broke · 2 not understood · 130 interrupted
`;

interface Options {
  readonly stage: Stage;
  readonly model: string;
  readonly approvalMinutes: number;
  readonly yes: boolean;
}

/** Says what it costs, asks, plays and cleans up; the exit code is the process's. */
export async function smoke(_root: string, args: readonly string[]): Promise<void> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const options = read(args);
  if (options === null) return;
  const { stage, model, approvalMinutes, yes } = options;
  const modelConfig = config.models[model];
  if (modelConfig === undefined) throw noModel(model);
  say(
    `This plays on ${stage.name} in ${stage.region}, with the model ${model}: upload, stop, train on ${modelConfig.training.instanceType} on demand, evaluate, register; with an approval in Slack within ${approvalMinutes} minutes also deploy.`,
    costText(smokeCost(modelConfig)),
  );
  if (!yes && !(await isAgreed())) {
    say('Nothing was started.');
    process.exitCode = 2;
    return;
  }
  const transport = await openStage(stage.name, 'cli');
  if (typeof transport === 'string') throw new CliError(transport, usage.trim());
  const interruption = new AbortController();
  const interrupt = () => {
    // A second one ends the process at once.
    if (interruption.signal.aborted) process.exit(130);
    say('', 'Interrupted; cleaning up. Once more ends it at once and leaves what is there.');
    interruption.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    process.exitCode = await runSmoke({
      stage: openSmokeStage(stage, transport),
      model,
      config: modelConfig,
      approvalMinutes,
      now: () => new Date(),
      newRequestId: randomUUID,
      sleep: (milliseconds) => sleep(milliseconds),
      interrupted: interruption.signal,
      say,
    });
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Null after the help was printed, or when the arguments make no sense, which sets the exit code. */
function read(args: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string', default: 'development' },
        model: { type: 'string' },
        'approval-minutes': { type: 'string', default: '15' },
        yes: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      say(usage);
      return null;
    }
    const approvalMinutes = Number(values['approval-minutes']);
    if (!Number.isFinite(approvalMinutes) || approvalMinutes < 0) {
      throw new Error(
        `--approval-minutes ${values['approval-minutes']} is not a number of minutes.`,
      );
    }
    const model = values.model ?? cheapestModel(config);
    if (model === null) throw new Error('No model has a machine with a known price; name one.');
    return { stage: stageNamed(values.stage), model, approvalMinutes, yes: values.yes };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 2;
    return null;
  }
}

function costText(cost: ReturnType<typeof smokeCost>): string {
  if (cost === null) return 'What its machine costs is not known here.';
  const usd = (value: number) => `${value.toFixed(2)} USD`;
  return `It costs about ${usd(cost.expected)} at list prices, and at most ${usd(cost.most)} if both jobs ran into their limits. It cleans up after itself.`;
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    process.stderr.write('There is no terminal to ask in: add --yes.\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question('Go on? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

function noModel(model: string): CliError {
  const names = Object.keys(config.models).join(', ');
  return new CliError(`There is no model “${model}” in mlops.config.ts.`, `It has: ${names}.`);
}

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
