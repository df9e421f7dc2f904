import type { ModelConfig } from '../config.ts';
import { compareData } from './compare-data.ts';
import type { DataChange, DataChangeKind, DataChanges } from './data-changes.ts';
import type { DataAction, DataPolicy } from './data-policy.ts';
import type { DataProfile } from './data-profile.ts';

const severity: Readonly<Record<DataAction, number>> = { continue: 0, ask: 1, stop: 2 };

/**
 * How the data differs from that of the version in production, and what follows by the model's policy;
 * null when it does not differ. `isAccepted`: a person has asked to train on it all the same.
 */
export function judgeData({
  config,
  against,
  before,
  now,
  isAccepted,
}: {
  readonly config: Pick<ModelConfig, 'data' | 'task' | 'approval'>;
  /** The version in production, and what its data looked like. */
  readonly against: number;
  readonly before: DataProfile;
  readonly now: DataProfile;
  readonly isAccepted: boolean;
}): DataChanges | null {
  const changes = compareData(before, now, config.data)
    .map(({ kind, isMinor, reason }): DataChange => {
      const wanted = isMinor ? 'continue' : policyOf(kind, config);
      const isAutomatic = config.approval.mode === 'auto';
      return { kind, isMinor, reason, action: effective(wanted, { isAutomatic, isAccepted }) };
    })
    .sort((a, b) => severity[b.action] - severity[a.action]);
  const [first] = changes;
  return first === undefined ? null : { against, action: first.action, changes };
}

function policyOf(kind: DataChangeKind, { data, task }: JudgedConfig): DataAction {
  switch (kind) {
    case 'labels':
    case 'relabelled':
      return data.onLabelChange;
    case 'shrank':
      return data.onShrink;
    case 'columns':
      // A text model reads one column and ignores the others.
      return task === 'text-classification' ? 'continue' : data.onColumnChange;
    case 'shares':
    case 'text_length':
    case 'missing':
      return 'continue';
  }
}

interface JudgedConfig {
  readonly data: DataPolicy;
  readonly task: ModelConfig['task'];
}

/** With automatic approval nobody can be asked later, so it is settled before training. */
function effective(
  wanted: DataAction,
  { isAutomatic, isAccepted }: { readonly isAutomatic: boolean; readonly isAccepted: boolean },
): DataAction {
  if (wanted === 'continue') return 'continue';
  if (isAccepted) return isAutomatic ? 'continue' : 'ask';
  return isAutomatic ? 'stop' : wanted;
}
