import { decisionEntry } from '../core/audit.ts';
import type { Run } from '../core/run.ts';
import type { FlowDeps } from './flow-deps.ts';

/**
 * Sees to it that the audit log has an entry of each decision on the run. To repeat is harmless: who
 * decides writes it at once, and whoever goes on with the run writes it again, because the process
 * may have ended in between.
 */
export async function auditDecisions({ audit }: Pick<FlowDeps, 'audit'>, run: Run): Promise<void> {
  for (const decision of run.approval?.decisions ?? []) {
    const entry = decisionEntry(run, decision);
    if (entry !== null) await audit.append(entry);
  }
}
