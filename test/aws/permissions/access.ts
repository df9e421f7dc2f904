import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../service-error.ts';
import { deployedAccount } from './deployed-roles.ts';
import { type Call, needsOf } from './operations.ts';
import { isAllowed, type Need, type Statement } from './policy.ts';

/** A call that a role made, and what AWS would have checked. */
export interface Sent extends Call {
  readonly role: string;
  readonly needs: readonly Need[];
}

export type Access = ReturnType<typeof createAccess>;

/**
 * Decides about calls by the policies of the role that makes them. A client of the tests says which
 * one by its access key id; calls with other keys are the test's own, and allowed.
 */
export function createAccess(
  roles: ReadonlyMap<string, { readonly statements: readonly Statement[] }>,
) {
  const sent: Sent[] = [];
  let report: (refusal: Error) => void = () => {};
  let areExpected = false;
  const whenRefused = new Promise<never>((_, reject) => {
    report = reject;
  });
  // It is awaited where the test waits; a test that waits for nothing fails by the answer.
  whenRefused.catch(() => {});

  function statementsOf(role: string): readonly Statement[] {
    const found = roles.get(role);
    if (found === undefined) throw new Error(`The stacks have no role ${role}.`);
    return found.statements;
  }

  /** @throws {ServiceError} as AWS answers what the role may not do. */
  function check(role: string, call: Call): void {
    const needs = needsOf(call);
    sent.push({ ...call, role, needs });
    for (const need of needs) {
      if (isAllowed(statementsOf(role), need)) continue;
      const message =
        `User: arn:aws:sts::${deployedAccount}:assumed-role/${role}/test is not authorized to ` +
        `perform: ${need.action} on resource: ${need.resource} because no identity-based policy ` +
        `allows the ${need.action} action`;
      if (!areExpected && !isExpected(role, need)) report(new Error(message));
      const isS3 = need.action.startsWith('s3:');
      throw new ServiceError(isS3 ? 'AccessDenied' : 'AccessDeniedException', message, {
        status: isS3 || need.action.startsWith('lambda:') ? 403 : 400,
      });
    }
  }

  return {
    check,
    may: (role: string, need: Need) => isAllowed(statementsOf(role), need),
    /** Everything that was called, allowed or not. */
    sent: sent as readonly Sent[],
    /** From now on no refusal fails the test. */
    expectRefusals() {
      areExpected = true;
    },
    /** Rejects with the first refusal that the code does not expect. */
    whenRefused,
  };
}

/** *signals* reads archives and may not leave their digests beside them: it computes them again. */
function isExpected(role: string, { action, resource }: Need): boolean {
  return role === 'signals' && action === 's3:PutObject' && resource.endsWith('.sha256.json');
}

/** Credentials by which {@link roleOf} knows a role. */
export function credentialsOf(role: string) {
  return { accessKeyId: `ROLE${role}`, secretAccessKey: 'testing' } as const;
}

/** The role whose credentials signed a request; null for the test's own. */
export function roleOf(headers: IncomingHttpHeaders): string | null {
  return /Credential=ROLE([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? null;
}
