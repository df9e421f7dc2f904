import type { Invariant } from '../invariants/violation.ts';

/** A few words of the product replaced by a defect that somebody might write. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Any of these must be seen to break. */
  readonly breaks: readonly Invariant[];
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
    breaks: ['ends', 'approved', 'outcast'],
  },
  {
    name: 'a deployment that failed its verification stays',
    file: 'pipeline/flow/stages/deploy.ts',
    find: '    await revert(context, problem.message);\n',
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
    name: 'the lease is kept at the end',
    file: 'pipeline/flow/stages/lease.ts',
    find: '    await deps.leases.release(model, runId);\n',
    replace: '',
    breaks: ['leases', 'ends'],
  },
  {
    name: 'a stopped run leaves its job running',
    file: 'pipeline/flow/stages/job.ts',
    find: 'if (stopRequested || isSwitching(run, spec)) await deps.jobs.stop(name);',
    replace: 'if (stopRequested) return { ...(job ?? {}), stopRequested } as never;',
    breaks: ['jobs', 'ends'],
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
];
