// Starts a run through the function "commands" and waits for its verdict, with the AWS command line
// that GitHub's runners have: nothing to install. Exit code 1 when the run was blocked or failed.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { summaryOf, verdictOf } from './run-summary.mjs';

const POLL_SECONDS = 30;
/** Below the hour for which the credentials are good. */
const LONGEST_MINUTES = 55;

const { COMMANDS_FUNCTION, MODEL, GITHUB_SHA, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = process.env;
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_EVENT_NAME, GITHUB_STEP_SUMMARY } =
  process.env;
const folder = mkdtempSync(join(tmpdir(), 'retrain-'));

await main();

async function main() {
  if (!COMMANDS_FUNCTION) return fail('The variable MLOPS_COMMANDS_FUNCTION is not set.');
  const workflow = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const reason = `${GITHUB_EVENT_NAME}, ${workflow}`;
  const started = ask({
    kind: 'command',
    words: ['retrain', MODEL, `commit=${GITHUB_SHA}`, `reason=${reason}`],
    from: 'ci',
    // Another attempt of the same workflow asks for another run.
    requestId: `${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}`,
  });
  if (started.kind === 'error') return fail(started.message, started.hint);
  if (started.problem !== null) return fail(started.text);
  let { run } = started.data;
  console.log(`Run ${run.id}`);
  const end = Date.now() + LONGEST_MINUTES * 60_000;
  while (verdictOf(run) === 'running' && Date.now() < end) {
    await sleep(POLL_SECONDS * 1000);
    const answer = ask({ kind: 'run', id: run.id });
    if (answer.kind === 'error') return fail(answer.message, answer.hint);
    run = answer.run ?? run;
  }
  const summary = summaryOf(run);
  console.log(summary);
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${summary}\n`);
  if (verdictOf(run) === 'bad') process.exitCode = 1;
}

/** Words in, an answer out: the protocol of `bot/cli`. */
function ask(question) {
  const [input, output] = [join(folder, 'request.json'), join(folder, 'answer.json')];
  writeFileSync(input, JSON.stringify(question));
  const said = execFileSync(
    'aws',
    [
      ...['lambda', 'invoke', '--function-name', COMMANDS_FUNCTION],
      ...['--cli-binary-format', 'raw-in-base64-out', '--payload', `file://${input}`, output],
    ],
    { encoding: 'utf8', timeout: 60_000 },
  );
  const answer = JSON.parse(readFileSync(output, 'utf8'));
  if (JSON.parse(said).FunctionError) {
    const message = 'The function “commands” failed.';
    return { kind: 'error', message, hint: 'Its log in CloudWatch has the details.' };
  }
  return answer;
}

function fail(message, hint) {
  console.error(`✗ ${message}${hint ? `\n  ${hint}` : ''}`);
  process.exitCode = 1;
}
