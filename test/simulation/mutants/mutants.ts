import type { Invariant } from '../invariants/violation.ts';

export interface Edit {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** A few words of the product replaced by a defect that somebody might write. */
export interface Mutant extends Edit {
  readonly name: string;
  /** Takes away the second safeguard of the product, behind which the defect would do no harm. */
  readonly also?: Edit;
  /** One of these must be seen to break, and hold without the defect. */
  readonly breaks: readonly [Invariant, ...Invariant[]];
}

export const mutants: readonly Mutant[] = [
  {
    name: 'anyone may approve',
    file: 'pipeline/core/approval.ts',
    find: 'if (!approval.approvers.some((id) => decision.memberOf.includes(id))) {',
    replace: 'if (approval.approvers.length === 0) {',
    breaks: ['approved'],
  },
  {
    name: 'one approval is enough for a quorum of two',
    file: 'pipeline/core/apply-event/approval.ts',
    find: 'return approvals >= approval.quorum ?',
    replace: 'return approvals >= 1 ?',
    breaks: ['approved'],
  },
  {
    name: 'a candidate that the gate blocked goes on',
    file: 'pipeline/flow/stages/gate.ts',
    find: "return outcome === 'fail' ?",
    replace: "return outcome === ('never' as string) ?",
    breaks: ['ends'],
  },
  {
    name: 'a deployment that failed its verification stays',
    file: 'pipeline/flow/stages/deploy.ts',
    find: '    await revert(context, problem);\n',
    replace: '',
    breaks: ['truthful'],
  },
  {
    name: 'a rollback may go to what was rolled back',
    file: 'pipeline/core/rollback/refuse-rollback.ts',
    find: '  if (why !== null) return refusal(why, promote);\n',
    replace: '',
    breaks: ['outcast'],
  },
  {
    // Two at once: a lease ends with its run, so one that is not given back does no harm.
    name: 'a lease is kept at the end and outlives its run',
    file: 'pipeline/local/sqlite-leases.ts',
    find: [
      'runs.id = leases.run_id AND runs.ended = 0)`,',
      '  );',
      "  const holder = database.prepare('SELECT run_id FROM leases WHERE model = ?');",
      "  const letGo = database.prepare('DELETE FROM leases WHERE model = ? AND run_id = ?');",
    ].join('\n'),
    replace: [
      'runs.id = leases.run_id)`,',
      '  );',
      "  const holder = database.prepare('SELECT run_id FROM leases WHERE model = ?');",
      "  const letGo = database.prepare('DELETE FROM leases WHERE model = ? AND run_id = ? AND 0');",
    ].join('\n'),
    breaks: ['leases'],
  },
  {
    name: 'a stopped run leaves its job running',
    file: 'pipeline/flow/stages/job.ts',
    find: 'if (stopRequested || isSwitching(run, spec)) await deps.jobs.stop(name);',
    replace: 'if (stopRequested) return { ...(job ?? {}), stopRequested } as never;',
    also: {
      file: 'pipeline/flow/end-run.ts',
      find: '    if (ending.failure !== null && run.training !== null) await stopJobs(deps, runId);\n',
      replace: '',
    },
    breaks: ['jobs'],
  },
  {
    name: 'an ended run changes its outcome',
    file: 'pipeline/core/apply-event/apply-event.ts',
    find: 'if (hasEnded(run) && !isAftermath) return run;',
    replace: '',
    breaks: ['forward'],
  },
  {
    name: 'a fallback of the endpoint goes unnoticed',
    file: 'pipeline/flow/stages/deploy.ts',
    find: "if (endpoint?.status !== 'InService' || endpoint.configName !== wanted.configName) {",
    replace: "if (endpoint?.status !== 'InService') {",
    breaks: ['truthful'],
  },
  {
    name: 'a post is not looked for before it is repeated',
    file: 'bot/announcer/ledger.ts',
    find: 'if (found !== null) return change({ ...keep(found), claim: null });',
    replace: '',
    breaks: ['cards'],
  },
  {
    name: 'anyone may roll back',
    file: 'pipeline/core/access.ts',
    find: 'return isOperator(config, memberOf) || isApprover(config, model, memberOf);',
    replace: "return isOperator(config, memberOf) || model !== '';",
    breaks: ['approved'],
  },
  {
    name: 'a candidate goes live that was compared with another version',
    file: 'pipeline/flow/stages/deploy.ts',
    find: "if (run.kind !== 'rollback' && live !== run.evaluatedAgainst) {",
    replace: 'if (run.outcome !== null) {',
    breaks: ['approved'],
  },
  {
    name: 'the configuration that is put back gets the name of the failed one',
    file: 'pipeline/flow/stages/revert.ts',
    find: 'before, fromConfigName)',
    replace: "before, configName ?? '')",
    breaks: ['once'],
  },
  {
    name: 'a rollback may go to what failed in production',
    file: 'pipeline/core/rollback/refuse-rollback.ts',
    find: 'if (why !== null) return refusal(why, promote);',
    replace: "if (why?.includes(' was put back at ') === false) return refusal(why, promote);",
    also: {
      file: 'pipeline/core/rollback/refuse-rollback.ts',
      find: 'if (!(await wasLive(records, history, target))) {',
      replace: 'if (target.version < 1) {',
    },
    breaks: ['outcast'],
  },
  {
    name: 'a step gives up after three attempts',
    file: 'pipeline/flow/retry-policy.ts',
    find: 'const MOST_ATTEMPTS = 100;',
    replace: 'const MOST_ATTEMPTS = 3;',
    breaks: ['ends'],
  },
  {
    name: 'nobody waits until the record of a run is there',
    file: 'pipeline/flow/commands/start-run.ts',
    find: 'const isNew = await deps.runs.create(run);',
    replace: 'const isNew = true;\n  void deps.runs.create(run).catch(() => {});',
    breaks: ['accepted'],
  },
  {
    name: 'only decisions in Slack have an entry',
    file: 'pipeline/core/audit.ts',
    find: 'if (from === undefined) return null;',
    replace: "if (from !== 'slack') return null;",
    breaks: ['audit'],
  },
  {
    name: 'nobody waits for the entry of a decision',
    file: 'pipeline/flow/commands/decide.ts',
    find: 'await auditDecisions(deps, decided).catch((error: unknown) =>',
    replace: 'void auditDecisions(deps, decided).finally((error?: unknown) =>',
    breaks: ['caught'],
  },
  {
    name: 'the title of a form is as long as the name of its model',
    file: 'bot/blocks/modal.ts',
    find: 'text: truncate(text, 24), emoji',
    replace: 'text, emoji',
    breaks: ['limits'],
  },
  {
    name: 'a command that fails is not answered',
    file: 'bot/slack/ack-deadline.ts',
    find: 'const answered = reply().catch((error: unknown) => failureOf(bot, error));',
    replace: 'const answered = reply();',
    breaks: ['answered'],
  },
];
