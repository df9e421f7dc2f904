/** The state of a run for CI: `running`, `good` (deployed or waiting for approval) or `bad`. */
export function verdictOf(run) {
  if (['deployed', 'rolled_back', 'superseded'].includes(run.outcome)) return 'good';
  if (run.outcome !== null) return 'bad';
  // CI does not wait for people; the buttons are in Slack.
  const waits = run.approval !== null && run.approval.outcome === null;
  return waits ? 'good' : 'running';
}

/** Markdown for the summary of the workflow. */
export function summaryOf(run) {
  const state =
    run.outcome ??
    (run.approval !== null && run.approval.outcome === null
      ? 'waiting for approval in Slack'
      : 'still running; Slack shows the result');
  const lines = [`## ${plain(run.model)}: ${state}`, '', `Run \`${plain(run.id)}\``];
  if (run.verdict !== null) {
    lines.push('', `Verdict: **${plain(run.verdict.outcome)}**`);
    for (const { outcome, reason } of run.verdict.checks) {
      lines.push(`- ${plain(outcome)}: ${plain(reason)}`);
    }
  }
  if (run.version !== null) lines.push('', `Version ${run.version}`);
  if (run.failure !== null) {
    lines.push('', `${plain(run.failure.message)} ${plain(run.failure.hint ?? '')}`);
  }
  return lines.join('\n');
}

/** Escapes text of users and files, which must not be rendered. */
function plain(text) {
  return String(text)
    .replace(/[<>|`*_[\]\\]/g, '\\$&')
    .replace(/\s+/g, ' ');
}
