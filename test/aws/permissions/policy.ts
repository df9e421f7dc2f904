import { matches } from './glob.ts';

/** A statement of a policy with every reference resolved. */
export interface Statement {
  readonly sid: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What a call needs: an action on a resource; AWS evaluates conditions on the context. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** As IAM decides for one account: nothing is allowed unless a statement does, and Deny wins. */
export function isAllowed(statements: readonly Statement[], need: Need): boolean {
  const applying = statements.filter((statement) => applies(statement, need));
  return applying.length > 0 && applying.every(({ effect }) => effect === 'Allow');
}

export function applies(statement: Statement, { action, resource, context = {} }: Need): boolean {
  return (
    statement.actions.some((pattern) => matches(pattern, action)) &&
    statement.resources.some((pattern) => matches(pattern, resource)) &&
    Object.entries(statement.conditions).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, wanted, context[key])),
    )
  );
}

/**
 * The operators that our policies use. A missing key fails, except with `IfExists` and `ForAllValues`.
 * @throws {Error} for any other operator, so that no condition is passed over.
 */
function holds(
  operator: string,
  wanted: readonly string[],
  found: readonly string[] | undefined,
): boolean {
  const fits = (value: string) =>
    operator.includes('Like')
      ? wanted.some((pattern) => matches(pattern, value))
      : wanted.includes(value);
  switch (operator) {
    case 'StringEquals':
    case 'StringLike':
    case 'Bool':
      return found?.some(fits) ?? false;
    case 'StringLikeIfExists':
      return found?.some(fits) ?? true;
    case 'ForAllValues:StringLike':
      return found?.every(fits) ?? true;
    default:
      throw new Error(`The policies use ${operator}, which the tests cannot evaluate.`);
  }
}
