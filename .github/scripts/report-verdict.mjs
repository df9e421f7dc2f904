// Shows the run of a commit on GitHub: a commit status, and one comment on each pull request of the
// commit, edited in place. Trouble with GitHub is printed and changes nothing: Slack has the result too.
import { execFileSync } from 'node:child_process';
import { verdictOf } from './run-summary.mjs';

const states = { running: 'pending', good: 'success', bad: 'failure' };
const MOST_CHARACTERS = 140;

/** `place` is what GitHub sets: repository, commit, and the address of the workflow run. */
export function reportVerdict(run, summary, { repository, commit, workflow }) {
  try {
    const outcome = run.outcome ?? (verdictOf(run) === 'good' ? 'waits for approval' : 'runs');
    gh(`repos/${repository}/statuses/${commit}`, 'POST', {
      state: states[verdictOf(run)],
      context: `mlops-bot/${run.model}`,
      description: `Run ${run.id}: ${outcome}`.slice(0, MOST_CHARACTERS),
      target_url: workflow,
    });
    const mark = `<!-- mlops-bot ${run.model} -->`;
    const body = `${mark}\n${summary}\n\nOf commit ${commit.slice(0, 12)}, [workflow](${workflow}).`;
    for (const { number } of gh(`repos/${repository}/commits/${commit}/pulls`)) {
      const comments = `repos/${repository}/issues/${number}/comments`;
      const ours = pages(comments).find((each) => each.body.startsWith(mark));
      if (ours === undefined) gh(comments, 'POST', { body });
      else gh(`repos/${repository}/issues/comments/${ours.id}`, 'PATCH', { body });
    }
  } catch (error) {
    console.log(`The verdict could not be shown on GitHub: ${error.stderr || error.message}`);
  }
}

function gh(path, method = 'GET', input) {
  const sent = input === undefined ? [] : ['--input', '-'];
  const output = execFileSync('gh', ['api', '--method', method, path, ...sent], {
    encoding: 'utf8',
    input: JSON.stringify(input ?? {}),
    stdio: 'pipe',
    timeout: 30_000,
  });
  return JSON.parse(output || 'null');
}

function pages(path) {
  const all = [];
  for (let page = 1; ; page++) {
    const some = gh(`${path}?per_page=100&page=${page}`);
    all.push(...some);
    if (some.length < 100) return all;
  }
}
