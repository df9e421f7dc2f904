// Starts a run through the function "commands" and waits for its verdict. It needs only the AWS command
// line, which GitHub's runners have. Exit code 1 if the run was blocked or failed, or could not be
// followed.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { askCommands } from './ask-commands.mjs';
import { reportVerdict } from './report-verdict.mjs';
import { summaryOf, verdictOf } from './run-summary.mjs';

/** The credentials are valid for an hour. */
const LONGEST_MINUTES = 55;
/** Failed polls in a row before giving up: 5 minutes. */
const MOST_MISSED = 10;

const { COMMANDS_FUNCTION, MODEL, GITHUB_SHA, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = process.env;
/** After a deployment, GITHUB_SHA is the newest commit and not the one that was deployed. */
const { COMMIT = GITHUB_SHA, GH_TOKEN } = process.env;
const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_EVENT_NAME, GITHUB_STEP_SUMMARY } =
  process.env;
const { POLL_SECONDS = '30' } = process.env;
const runContinues = 'The run continues; its thread in Slack shows the result.';
const seeLog = 'The log of the function in CloudWatch has the details.';
const checkVariables =
  'It is not known whether a run was started. If Slack shows none, compare the variables MLOPS_COMMANDS_FUNCTION, AWS_REGION and AWS_RETRAIN_ROLE with the outputs of the stacks (docs/aws.md, Workflows).';

await main();

async function main() {
  if (!COMMANDS_FUNCTION) return fail('The variable MLOPS_COMMANDS_FUNCTION is not set.');
  const workflow = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const reason = `${GITHUB_EVENT_NAME}, ${workflow}`;
  const started = askCommands(COMMANDS_FUNCTION, {
    kind: 'command',
    words: ['retrain', MODEL, `commit=${COMMIT}`, `reason=${reason}`],
    // Another attempt of the same workflow starts another run.
    requestId: `${GITHUB_RUN_ID}.${GITHUB_RUN_ATTEMPT}`,
  });
  if (started.kind === 'unanswered') {
    return fail(started.message, started.because === 'failed' ? seeLog : checkVariables);
  }
  if (started.kind === 'error') return fail(started.message, started.hint);
  if (started.problem !== null) return fail(started.text);
  console.log(`Run ${started.data.run.id}`);
  const show = (shown) => {
    if (!GH_TOKEN) return;
    const place = { repository: GITHUB_REPOSITORY, commit: COMMIT, workflow };
    reportVerdict(shown, summaryOf(shown), place);
  };
  show(started.data.run);
  const run = await follow(started.data.run);
  const summary = summaryOf(run);
  console.log(summary);
  show(run);
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${summary}\n`);
  if (verdictOf(run) === 'bad') process.exitCode = 1;
}

/** Polls until the run has a verdict or cannot be polled any more; returns its last known state. */
async function follow(started) {
  let run = started;
  let missed = 0;
  const end = Date.now() + LONGEST_MINUTES * 60_000;
  while (verdictOf(run) === 'running' && Date.now() < end) {
    await sleep(Number(POLL_SECONDS) * 1000);
    const answer = askCommands(COMMANDS_FUNCTION, { kind: 'run', id: run.id });
    if (answer.kind === 'run') {
      run = answer.run ?? run;
      missed = 0;
      continue;
    }
    if (answer.kind === 'error') {
      fail(answer.message, answer.hint);
      return run;
    }
    if (answer.because === 'expired') {
      console.log(`The credentials have expired, so this step stops polling. ${runContinues}`);
      return run;
    }
    missed += 1;
    if (missed === MOST_MISSED) {
      fail(`No answer ${MOST_MISSED} times in a row: ${answer.message}`, runContinues);
      return run;
    }
    console.log(
      `No answer (${missed} of ${MOST_MISSED}), retrying in ${POLL_SECONDS} s: ${answer.message}`,
    );
  }
  return run;
}

function fail(message, hint) {
  console.error(`✗ ${message}${hint ? `\n  ${hint}` : ''}`);
  process.exitCode = 1;
}
