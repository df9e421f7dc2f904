import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WebClient } from '@slack/web-api';
import { readSlackTokens } from '../../bot/adapters/local/slack-tokens.ts';
import { CliUnreachable } from '../../bot/cli/protocol.ts';
import { slackClientOptions } from '../../bot/web-api/client-options.ts';
import { openAccount } from '../../infra/cli/account.ts';
import { stageNamed } from '../../infra/config/stages.ts';
import config from '../../mlops.config.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { openStage } from '../mlops/open-stage.ts';
import { virtualPython } from '../setup/python-packages.mjs';
import { checkMachine } from './check-machine.ts';
import { checkSlack } from './check-slack.ts';
import { checkStage } from './check-stage.ts';
import { bad, type Check, note, toLines } from './report.ts';

const TIMEOUT_MILLISECONDS = 10_000;
const usage = 'npx mlops doctor [--stage <name>] [--port <number>] [--data <folder>]\n';

/**
 * Looks at everything that the app on this machine, or a stage on AWS, needs from outside, and says
 * what to do. Changes nothing. Returns the exit code: 1 when something is in the way.
 */
export async function doctor(
  root: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const options = read(args);
  if (options === null) {
    process.stderr.write(usage);
    return 2;
  }
  const stage = options.stage ?? environment.MLOPS_STAGE;
  const checks =
    stage === undefined || stage === 'local'
      ? await local(root, options, environment)
      : await deployed(stage, environment);
  process.stdout.write(toLines(checks));
  return checks.some(({ state }) => state === 'bad') ? 1 : 0;
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stage: { type: 'string' },
        port: { type: 'string', default: '3000' },
        data: { type: 'string', default: 'data' },
      },
    }).values;
  } catch {
    return null;
  }
}

async function local(
  root: string,
  { port, data }: { readonly port: string; readonly data: string },
  environment: NodeJS.ProcessEnv,
): Promise<readonly Check[]> {
  const machine = await checkMachine({
    root,
    dataFolder: resolve(root, data),
    python: virtualPython(root),
    port: Number(port),
  });
  return [...machine, ...(await slackOf(environment))];
}

async function slackOf(environment: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  try {
    const tokens = readSlackTokens(environment);
    if (tokens === null) {
      return [note('No Slack tokens are set: the app shows its own page.', 'docs/slack.md')];
    }
    const { botToken, apiUrl } = tokens;
    const place = apiUrl === undefined ? {} : { apiUrl };
    const limits = { ...place, timeout: TIMEOUT_MILLISECONDS, log: () => {} };
    return await checkSlack(new WebClient(botToken, slackClientOptions(limits)), config.channel);
  } catch (error) {
    if (!(error instanceof MlopsError)) throw error;
    return [bad(error.message, error.hint ?? '')];
  }
}

async function deployed(name: string, environment: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const transport = await openStage(name, 'cli');
  if (typeof transport === 'string') return [bad(transport, usage.trim())];
  const stage = stageNamed(name);
  return checkStage({
    stage,
    config,
    open: () => openAccount(stage.region, environment),
    async ask() {
      try {
        const request = {
          words: ['status'],
          as: null,
          isConfirmed: false,
          requestId: randomUUID(),
        };
        const reply = await transport.command(request);
        return reply.kind === 'error' ? reply.message : null;
      } catch (error) {
        if (!(error instanceof CliUnreachable)) throw error;
        return error.message;
      }
    },
  });
}
