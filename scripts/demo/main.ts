import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Environment } from '../../pipeline/local/python-process.ts';
import { UnexpectedResult } from './driver.ts';
import { openDemoApp } from './open-demo-app.ts';
import { reportRun } from './run-report.ts';
import { runScenario } from './scenario.ts';

const usage = `Runs a scripted session without a browser: real training and serving, through the HTTP API of the page.

  npm run demo                        prints a transcript; exit code 1 on any unexpected result
  npm run demo -- --report FILE       also writes a report as JSON
`;

/** Bake window in seconds, long enough to be seen. */
const bakeSeconds = 3;

export async function main(
  root: string,
  args: readonly string[],
  environment: Environment,
): Promise<void> {
  const { report, help } = readFlags(args);
  if (help) return console.log(usage);
  const startedAt = Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'mlops-bot-demo-'));
  try {
    const result = await runDemo(root, folder, environment);
    if (report !== null) await writeFile(report, `${JSON.stringify(result, null, 2)}\n`);
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log(
      `\nEverything went as expected, in ${seconds} s.${report === null ? '' : ` Report: ${report}`}`,
    );
  } catch (error) {
    console.error(`\n✗ ${error instanceof UnexpectedResult ? error.message : String(error)}`);
    if (!(error instanceof UnexpectedResult)) console.error(error);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runDemo(root: string, folder: string, environment: Environment) {
  const app = await openDemoApp({ root, folder, environment, bakeSeconds });
  try {
    console.log(`The workspace is at ${app.url} while the demo runs.`);
    const users = { ada: 'U0ADA', grace: 'U0GRACE', kit: 'U0KIT' };
    const { prediction } = await runScenario(app.driver, users);
    const runs = [...(await app.pipeline.listRuns({ limit: 100 }))].reverse();
    return { runs: runs.map(reportRun), prediction };
  } finally {
    await app.close();
  }
}

function readFlags(args: readonly string[]): { report: string | null; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { report: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
    return { report: values.report ?? null, help: values.help };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
}
