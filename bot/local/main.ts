import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import config from '../../mlops.config.ts';
import { maskSecrets } from '../../pipeline/core/mask-secrets.ts';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { makeSampleDatasets, sampleFiles } from '../../pipeline/local/sample-datasets.ts';
import { createConsoleLog } from '../adapters/local/console-log.ts';
import { openInBrowser } from '../adapters/local/open-in-browser.ts';
import { readSlackTokens } from '../adapters/local/slack-tokens.ts';
import { createLocalApp } from './create-local-app.ts';
import { startProblem } from './start-problem.ts';
import { stopOnSignal } from './stop-on-signal.ts';
import { watchDataFolder } from './watch-data-folder.ts';

const usage = `Runs mlops-bot on this machine: no AWS and no Slack account needed.

  npm start                          page on port 3000, state in ./data
  npm start -- --port 4000           another port (0: any free one)
  npm start -- --no-open             do not open the browser
  npm start -- --data ../elsewhere   another folder for state, datasets and models
  npm start -- --bake-seconds 60     how long a new deployment is watched (default 20)

With SLACK_BOT_TOKEN and SLACK_APP_TOKEN set, it works in your Slack workspace instead of the page
(Socket Mode; see docs/slack.md).
`;

/** Entry of the local app: reads arguments and environment once, then runs until Ctrl-C. */
export async function main(
  root: string,
  args: readonly string[],
  environment: Environment,
): Promise<void> {
  const flags = readFlags(args);
  if (flags === null) return;
  const log = createConsoleLog();
  // Whatever the app and its scripts write is for this user only.
  process.umask(0o077);
  process.on('uncaughtException', (error) => {
    log({ message: 'The app ends because of an unexpected error.', error });
    process.exit(1);
  });
  const python = join(
    root,
    '.venv',
    process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python',
  );
  const dataFolder = resolve(root, flags.data);
  try {
    const slackTokens = readSlackTokens(environment);
    const app = await createLocalApp({
      config,
      root,
      dataFolder,
      python,
      environment,
      port: flags.port,
      slackTokens,
      endpointPort: 8080,
      bakeSeconds: flags.bakeSeconds,
      clock: { now: () => new Date() },
      log,
    });
    // Only now is the folder ours: a second start must not touch the inbox of the first.
    const samples = await makeSampleDatasets({ root, python, folder: join(dataFolder, 'samples') });
    // In a real workspace nobody has asked for a run yet.
    if (slackTokens === null) fillEmptyInbox(samples, join(dataFolder, 'inbox', 'spam'));
    const endWatch = watchDataFolder({ folder: dataFolder, onGone: () => endWithout(dataFolder) });
    stopOnSignal(() => {
      endWatch();
      return app.close();
    });
    const isPage = slackTokens === null;
    console.log(`
  mlops-bot is running${isPage ? '' : ' in Slack'}: ${app.url}
  ${isPage ? 'Drop a CSV or JSON Lines file on the page, or copy it' : 'Copy a CSV or JSON Lines file'} to ${app.inboxFolder}/<model>/.
  Samples are in ${samples}. Press Ctrl-C to stop; the next start continues where this one stopped.
`);
    if (flags.open && isPage) openInBrowser(app.url);
    app.warmUp();
  } catch (error) {
    const problem = startProblem(error, { port: flags.port, dataFolder });
    if (problem === null) {
      log({ message: 'The app could not start.', error });
    } else {
      const hint = problem.hint === undefined ? '' : `\n  ${problem.hint}`;
      console.error(maskSecrets(`\n✗ ${problem.message}${hint}`));
    }
    process.exit(1);
  }
}

/** Nothing can be stored any more. What the app started ends with it. */
function endWithout(dataFolder: string): never {
  console.error(`
✗ The data folder ${dataFolder} was removed or replaced while the app was running.
  Put it back, or start again: npm start begins with an empty one.`);
  return process.exit(1);
}

interface Flags {
  readonly port: number;
  readonly open: boolean;
  readonly data: string;
  readonly bakeSeconds: number;
}

/** Null after printing help; ends the process on a wrong argument. */
function readFlags(args: readonly string[]): Flags | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        port: { type: 'string', default: '3000' },
        open: { type: 'boolean', default: true },
        data: { type: 'string', default: 'data' },
        'bake-seconds': { type: 'string', default: '20' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      console.log(usage);
      return null;
    }
    return {
      port: wholeNumber('--port', values.port, 65_535),
      open: values.open,
      data: folderName('--data', values.data),
      bakeSeconds: wholeNumber('--bake-seconds', values['bake-seconds'], 86_400),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
}

function wholeNumber(name: string, text: string, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= maximum) return value;
  throw new Error(`${name} must be a whole number from 0 to ${maximum}, not “${text}”.`);
}

function folderName(name: string, text: string): string {
  if (text.trim() !== '') return text;
  throw new Error(`${name} needs the name of a folder.`);
}

/** On the very first start, puts a dataset into the inbox, so that a first run starts by itself. */
function fillEmptyInbox(samples: string, inbox: string): void {
  if (existsSync(inbox) && readdirSync(inbox).length > 0) return;
  mkdirSync(inbox, { recursive: true });
  cpSync(join(samples, sampleFiles.first), join(inbox, sampleFiles.first));
}
