import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, Policy, type PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Characters for our statements. IAM allows 10,240 in all inline policies of a role together, where
 * the CDK adds statements of its own, and 6,144 in a managed policy.
 */
const INLINE_CHARACTERS = 8_500;
const MANAGED_CHARACTERS = 5_700;
/** More than the physical name of anything that a statement may refer to. */
const REFERENCE_CHARACTERS = 130;
const PSEUDO_CHARACTERS = 14;

interface Page {
  readonly policy: Policy | ManagedPolicy;
  left: number;
}

/**
 * The policies of a role: one inline policy, and managed ones for what does not fit. Statements name
 * every model, so they grow with the team. They are separate from the role, because they may refer
 * to the function that has it.
 */
export class PolicyPages {
  readonly #scope: Construct;
  readonly #role: Role;
  readonly #pages: Page[];

  constructor(scope: Construct, role: Role) {
    this.#scope = scope;
    this.#role = role;
    const policy = new Policy(scope, 'Permissions', { roles: [role] });
    this.#pages = [{ policy, left: INLINE_CHARACTERS }];
  }

  /** Adds a statement, in parts when it is long; returns the policies that it is in. */
  add(statement: PolicyStatement): readonly (Policy | ManagedPolicy)[] {
    return parts(this.#scope, statement).map((part) => {
      const characters = size(Stack.of(this.#scope).resolve(part.toStatementJson()));
      const page = this.#pages.find(({ left }) => left >= characters) ?? this.#newPage();
      page.policy.addStatements(part);
      page.left -= characters;
      return page.policy;
    });
  }

  #newPage(): Page {
    const policy = new ManagedPolicy(this.#scope, `MorePermissions${this.#pages.length}`, {
      description: 'Permissions that do not fit into the inline policy.',
      roles: [this.#role],
    });
    const page = { policy, left: MANAGED_CHARACTERS };
    this.#pages.push(page);
    return page;
  }
}

/** The statement, with at most so many resources each that every part fits into any policy. */
function parts(scope: Construct, statement: PolicyStatement): readonly PolicyStatement[] {
  const { resources } = statement;
  if (size(Stack.of(scope).resolve(statement.toStatementJson())) <= MANAGED_CHARACTERS) {
    return [statement];
  }
  const half = Math.ceil(resources.length / 2);
  return [resources.slice(0, half), resources.slice(half)].flatMap((some, index) =>
    parts(
      scope,
      statement.copy({
        resources: some,
        ...(statement.sid === undefined ? {} : { sid: `${statement.sid}${index + 1}` }),
      }),
    ),
  );
}

/** Characters of a statement once CloudFormation has resolved its references. */
function size(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + size(each), 2);
  if (typeof value !== 'object' || value === null) return 8;
  const [[name, content] = ['', null], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Fn::Join') {
    const [, pieces] = content as [string, readonly unknown[]];
    return pieces.reduce((sum: number, each) => sum + size(each) - 3, 3);
  }
  if (others.length === 0 && name === 'Ref' && String(content).startsWith('AWS::')) {
    return PSEUDO_CHARACTERS + 3;
  }
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return REFERENCE_CHARACTERS + 3;
  }
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + 4 + size(each), 2);
}
