import type { IConstruct } from 'constructs';

const METADATA = 'mlops-bot:acknowledged';

/** A finding accepted on one construct and its children. */
interface Acknowledged {
  readonly id: string;
  readonly reason: string;
}

/**
 * Accepts findings of cdk-nag on one construct, each with its reason. cdk-nag identifies a wildcard
 * by its whole resource, which is known only after synthesis, so `AwsSolutions-IAM5[…/datasets/*]`
 * accepts every resource with that ending.
 */
export function acknowledge(
  construct: IConstruct,
  findings: Readonly<Record<string, string>>,
): void {
  for (const [id, reason] of Object.entries(findings)) {
    construct.node.addMetadata(METADATA, { id, reason } satisfies Acknowledged);
  }
}

/** The reason why a finding on this construct is accepted; null if it is not. */
export function acknowledgedReason(construct: IConstruct, finding: string): string | null {
  for (const scope of [...construct.node.scopes].reverse()) {
    for (const { type, data } of scope.node.metadata) {
      if (type === METADATA && covers((data as Acknowledged).id, finding)) {
        return (data as Acknowledged).reason;
      }
    }
  }
  return null;
}

function covers(id: string, finding: string): boolean {
  const [rule = '', tail] = id.split('[…');
  if (tail === undefined) return id === finding;
  return finding.startsWith(`${rule}[`) && finding.endsWith(tail);
}
