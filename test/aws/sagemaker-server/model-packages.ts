import type {
  CreateModelPackageGroupInput,
  CreateModelPackageInput,
  ListModelPackagesInput,
  UpdateModelPackageInput,
  UserContext,
} from '@aws-sdk/client-sagemaker';
import type { Clock } from '../../../pipeline/core/ports.ts';
import { arn, invalid, seconds } from '../service-error.ts';

interface Package {
  readonly group: string;
  readonly version: number;
  readonly arn: string;
  input: CreateModelPackageInput;
  readonly createdAt: Date;
  approval: string;
  note: string | undefined;
  changedAt: Date;
  changedBy: UserContext;
}

type Field = 'ModelApprovalStatus' | 'ApprovalDescription' | 'ModelPackageDescription';

/** Everybody but Studio users is known by an IAM identity alone. */
const role: UserContext = {
  IamIdentity: {
    Arn: 'arn:aws:sts::123456789012:assumed-role/functions/pipeline',
    PrincipalId: 'AROAEXAMPLE:pipeline',
  },
};

/** `<domain id>/<user profile>`, as DescribeModelPackage returns it. */
function studioUser(user: string): UserContext {
  const [DomainId, UserProfileName] = user.split('/');
  return {
    UserProfileArn: `arn:aws:sagemaker:us-east-1:123456789012:user-profile/${user}`,
    UserProfileName,
    DomainId,
  };
}

const allowedValue = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;
/** Small, so that reading pages is tested. */
const MAX_PAGE = 3;

export interface ModelPackagesOptions {
  readonly clock: Clock;
  readonly emit: (type: string, detail: Record<string, unknown>) => void;
}

export function createModelPackages({ clock, emit }: ModelPackagesOptions) {
  const groups = new Set<string>();
  const packages: Package[] = [];
  let tokens = new Map<string, Package>();

  function find(name: string): Package {
    const found = packages.find((each) => each.arn === name);
    if (found === undefined) throw invalid(`ModelPackage ${name} does not exist.`);
    return found;
  }

  function change(found: Package, by: UserContext, fields: readonly Field[]): void {
    Object.assign(found, { changedAt: clock.now(), changedBy: by });
    publish(found, fields);
  }

  /** `fields` is what AWS sends and does not document: which ones the change touched. */
  function publish(changed: Package, fields: readonly Field[]): void {
    emit('SageMaker Model Package State Change', {
      ModelPackageGroupName: changed.group,
      ModelPackageVersion: changed.version,
      ModelPackageArn: changed.arn,
      ModelPackageStatus: 'Completed',
      ModelApprovalStatus: changed.approval,
      CreationTime: changed.createdAt.getTime(),
      LastModifiedTime: changed.changedAt.getTime(),
      UpdatedModelPackageFields: fields,
    });
  }

  return {
    /** It is not documented how long SageMaker remembers them. */
    forgetTokens(): void {
      tokens = new Map();
    },
    /** As a person in Studio would; `user` is `<domain id>/<user profile>`. */
    approveInStudio(group: string, version: number, note: string, user: string): void {
      const found = find(arn('model-package', `${group}/${version}`));
      Object.assign(found, { approval: 'Approved', note });
      change(found, studioUser(user), ['ModelApprovalStatus', 'ApprovalDescription']);
    },
    /** A change in Studio that leaves the approval as it is. */
    describeInStudio(group: string, version: number, user: string): void {
      const found = find(arn('model-package', `${group}/${version}`));
      change(found, studioUser(user), ['ModelPackageDescription']);
    },
    actions: {
      CreateModelPackageGroup({ ModelPackageGroupName = '' }: CreateModelPackageGroupInput) {
        if (groups.has(ModelPackageGroupName)) {
          throw invalid(`Model Package Group already exists: ${ModelPackageGroupName}`);
        }
        groups.add(ModelPackageGroupName);
        return { ModelPackageGroupArn: arn('model-package-group', ModelPackageGroupName) };
      },
      CreateModelPackage(input: CreateModelPackageInput) {
        const group = input.ModelPackageGroupName ?? '';
        if (!groups.has(group)) throw invalid(`ModelPackageGroup ${group} does not exist.`);
        if (input.Tags !== undefined) throw invalid('Tags are not allowed with a group.');
        for (const [key, value] of Object.entries(input.CustomerMetadataProperties ?? {})) {
          if (!allowedValue.test(value) || key.length > 128) throw invalid(`Bad metadata ${key}.`);
        }
        const { ClientToken } = input;
        if (ClientToken !== undefined && !/^[a-zA-Z0-9-]{1,36}$/.test(ClientToken)) {
          throw invalid('Bad ClientToken.');
        }
        const known = tokens.get(`${group} ${ClientToken}`);
        if (known !== undefined) return { ModelPackageArn: known.arn };
        const version = packages.filter((each) => each.group === group).length + 1;
        const made: Package = {
          group,
          version,
          arn: arn('model-package', `${group}/${version}`),
          input,
          createdAt: clock.now(),
          approval: input.ModelApprovalStatus ?? 'PendingManualApproval',
          note: undefined,
          changedAt: clock.now(),
          changedBy: role,
        };
        packages.push(made);
        tokens.set(`${group} ${ClientToken}`, made);
        publish(made, ['ModelApprovalStatus']);
        return { ModelPackageArn: made.arn };
      },
      DescribeModelPackage({ ModelPackageName = '' }: { ModelPackageName?: string }) {
        const found = find(ModelPackageName);
        return {
          ...summaryOf(found),
          InferenceSpecification: found.input.InferenceSpecification,
          CustomerMetadataProperties: found.input.CustomerMetadataProperties,
          MetadataProperties: found.input.MetadataProperties,
          ApprovalDescription: found.note,
          LastModifiedTime: seconds(found.changedAt),
          LastModifiedBy: found.changedBy,
          ModelPackageStatusDetails: { ValidationStatuses: [] },
        };
      },
      ListModelPackages(input: ListModelPackagesInput) {
        const group = input.ModelPackageGroupName ?? '';
        if (!groups.has(group)) throw invalid(`ModelPackageGroup ${group} does not exist.`);
        const from = Number(input.NextToken ?? 0);
        const page = Math.min(input.MaxResults ?? 10, MAX_PAGE);
        const newest = packages.filter((each) => each.group === group).reverse();
        return {
          ModelPackageSummaryList: newest.slice(from, from + page).map(summaryOf),
          NextToken: from + page < newest.length ? String(from + page) : undefined,
        };
      },
      UpdateModelPackage(input: UpdateModelPackageInput) {
        const found = find(input.ModelPackageArn ?? '');
        if (input.ModelApprovalStatus !== undefined) found.approval = input.ModelApprovalStatus;
        if (!/^.{0,1024}$/.test(input.ApprovalDescription ?? '')) throw invalid('Bad description.');
        if (input.ApprovalDescription !== undefined) found.note = input.ApprovalDescription;
        const properties = { ...found.input.CustomerMetadataProperties };
        for (const name of input.CustomerMetadataPropertiesToRemove ?? []) delete properties[name];
        Object.assign(properties, input.CustomerMetadataProperties);
        if (Object.values(properties).some((value) => !allowedValue.test(value ?? ''))) {
          throw invalid('Bad metadata.');
        }
        found.input = { ...found.input, CustomerMetadataProperties: properties };
        const fields = ['ModelApprovalStatus', 'ApprovalDescription'] as const;
        change(
          found,
          role,
          fields.filter((field) => input[field] !== undefined),
        );
        return { ModelPackageArn: found.arn };
      },
    },
  };
}

function summaryOf(found: Package) {
  return {
    ModelPackageGroupName: found.group,
    ModelPackageVersion: found.version,
    ModelPackageArn: found.arn,
    ModelPackageDescription: found.input.ModelPackageDescription,
    CreationTime: seconds(found.createdAt),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: found.approval,
  };
}
