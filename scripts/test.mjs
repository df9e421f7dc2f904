// `npm test`: sets everything up, then runs all checks, the fast ones first.
//   npm test                 everything
//   npm test -- fast         one or more parts: check, fast, python, browser, end-to-end
//   npm run test:abuse       attacks on the running app, in minutes; not a part of `npm test`
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './setup/chromium.mjs';
import { prepareEnvironment } from './setup/prepare-environment.mjs';
import { virtualPython } from './setup/python-packages.mjs';
import { explainAndExit } from './setup/setup-error.mjs';
import { ensureTestTools } from './setup/test-tools.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const python = virtualPython(root);
const pythonFolders = ['training', 'examples', 'test'];
const bin = (name) => join(root, 'node_modules', '.bin', name);

const parts = {
  check: [
    { title: 'types', command: [bin('tsc'), '--noEmit'] },
    { title: 'lint', command: [bin('biome'), 'ci', '.'] },
    { title: 'unused code', command: [bin('knip'), '--no-progress'] },
    { title: 'types of Python', command: [bin('pyright')] },
    { title: 'lint of Python', command: [python, '-m', 'ruff', 'check', ...pythonFolders] },
    {
      title: 'format of Python',
      command: [python, '-m', 'ruff', 'format', '--check', ...pythonFolders],
    },
  ],
  fast: [vitest('fast')],
  python: [
    {
      title: 'tests of Python',
      // A file stays in one process, which shares the models that it trains.
      command: [python, '-m', 'pytest', '-n', 'auto', '--maxprocesses=4', '--dist=loadfile'],
      count: pytestCount,
    },
  ],
  browser: [vitest('browser')],
  'end-to-end': [vitest('end-to-end')],
  abuse: [
    {
      ...vitest('abuse', '--reporter=./test/abuse/attack-table.ts'),
      lastLine: (output) => /^ABUSE: .*$/m.exec(output)?.[0],
    },
  ],
};
/** Run only when it is named. */
const onRequest = new Set(['abuse']);

await main().catch(explainAndExit);

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.find((name) => !Object.hasOwn(parts, name));
  if (unknown !== undefined) {
    console.error(`There is no part “${unknown}”; the parts are ${Object.keys(parts).join(', ')}.`);
    process.exit(2);
  }
  await prepareEnvironment(root, { development: true });
  process.env.CHROMIUM_PATH = await ensureChromium();
  const usual = Object.keys(parts).filter((name) => !onRequest.has(name));
  const names = wanted.length > 0 ? wanted : usual;
  const unchecked = names.includes('fast') ? await ensureTestTools(root) : null;
  const totals = { passed: 0, failed: 0 };
  const broken = [];
  const lastLines = [];
  for (const name of names) {
    const areTogether = name === 'check';
    const checks = areTogether
      ? parts[name].map(({ command }) => run(command, { shows: false }))
      : [];
    for (const [index, step] of parts[name].entries()) {
      const startedAt = Date.now();
      console.log(`\n── ${step.title}`);
      const { code, output } = await (checks[index] ?? run(step.command));
      if (areTogether) process.stdout.write(output);
      const counted = step.count?.(output) ?? { passed: code === 0 ? 1 : 0, failed: 0 };
      totals.passed += counted.passed;
      totals.failed += counted.failed === 0 && code !== 0 ? 1 : counted.failed;
      if (code !== 0) broken.push(step.title);
      lastLines.push(step.lastLine?.(output) ?? '');
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      console.log(`── ${step.title}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
    }
  }
  if (broken.length > 0) console.log(`\nFailed: ${broken.join(', ')}.`);
  if (unchecked !== null) console.log(`\n${unchecked}`);
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
  for (const line of lastLines.filter(Boolean)) console.log(line);
  process.exit(broken.length === 0 ? 0 : 1);
}

/** What it prints is shown at once or, of steps that run side by side, left to the caller. */
function run([command, ...args], { shows = true } = {}) {
  return new Promise((resolve) => {
    const stderr = shows ? 'inherit' : 'pipe';
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', stderr] });
    let output = '';
    const take = (chunk) => {
      output = (output + chunk).slice(-20_000);
      if (shows) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A vitest project; its JSON report has the number of tests. */
function vitest(project, ...flags) {
  const report = join(tmpdir(), `mlops-bot-${project}-${process.pid}.json`);
  return {
    title: `${project} tests`,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...flags,
    ],
    count: () => {
      const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
      rmSync(report, { force: true });
      return { passed: numPassedTests, failed: numFailedTests };
    },
  };
}

function pytestCount(output) {
  const number = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(output.slice(-2000))?.[1] ?? 0);
  return { passed: number('passed'), failed: number('failed') + number('errors?') };
}
