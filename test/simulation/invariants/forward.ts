import type { Run, StageStatus } from '../../../pipeline/core/run.ts';

const order: readonly StageStatus[] = ['pending', 'running', 'succeeded', 'failed'];
const rank = (status: StageStatus) => Math.min(order.indexOf(status), 2);

/** Facts of a run that are written once. */
const once: readonly (readonly [name: string, read: (run: Run) => unknown])[] = [
  ['outcome', (run) => run.outcome],
  ['endedAt', (run) => run.endedAt],
  ['failure', (run) => run.failure?.code ?? null],
  ['version', (run) => run.version],
  ['verdict', (run) => run.verdict?.outcome ?? null],
  ['artifact', (run) => run.artifact?.sha256 ?? null],
  ['stop request', (run) => run.stopRequestedBy?.name ?? null],
  ['approval', (run) => run.approval?.outcome ?? null],
  ['digest', (run) => run.approval?.digest ?? null],
  ['deployment', (run) => run.deployment?.configName ?? null],
  ['verifiedAt', (run) => run.deployment?.verifiedAt ?? null],
  ['revertedAt', (run) => run.deployment?.revertedAt ?? null],
];

/** How a record went backwards, if it did. */
export function backwardSteps(before: Run, after: Run): readonly string[] {
  const problems: string[] = [];
  if (after.revision !== before.revision + 1) problems.push('a revision was left out');
  for (const [name, read] of once) {
    const was = read(before);
    if (was !== null && read(after) !== was) problems.push(`${name} changed from ${was}`);
  }
  for (const [i, stage] of before.stages.entries()) {
    const next = after.stages[i];
    if (next === undefined || rank(next.status) < rank(stage.status)) {
      problems.push(`stage ${stage.name} went from ${stage.status} to ${next?.status}`);
    } else if (rank(stage.status) === 2 && next.status !== stage.status) {
      problems.push(`stage ${stage.name} went from ${stage.status} to ${next.status}`);
    }
  }
  const decisions = before.approval?.decisions ?? [];
  if (decisions.some((each, i) => after.approval?.decisions[i]?.at !== each.at)) {
    problems.push('a decision was lost');
  }
  return problems;
}
