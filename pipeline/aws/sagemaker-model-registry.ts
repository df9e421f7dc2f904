import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  type ModelPackageSummary,
  type SageMakerClient,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { MlopsError } from '../core/errors.ts';
import type { ModelRegistry, NewVersion, RegisteredVersion } from '../core/ports.ts';
import { isAlreadyThere, isNotFound, isOneOf } from './aws-errors.ts';
import { s3Uri } from './s3-artifact-store.ts';
import { toTags } from './tags.ts';
import {
  describesRun,
  ROLLED_BACK_BY,
  runDescription,
  toApproval,
  toProperties,
  toRegisteredVersion,
} from './version-properties.ts';

/** ListModelPackages and DescribeModelPackage share a low rate limit. */
const CONCURRENT_READS = 8;
const PAGE = 100;
const MAX_NOTE_CHARACTERS = 1024;

export interface SageMakerModelRegistryOptions {
  readonly client: SageMakerClient;
  readonly bucket: string;
  /** Model package group of a model; its first version makes it. */
  groupName(model: string): string;
  /** Of the groups. */
  readonly tags: Readonly<Record<string, string>>;
  /** Image that serves models of a recipe: makes a version deployable from Studio too. */
  inferenceImage(recipe: string): string;
}

/**
 * {@link ModelRegistry} in the SageMaker Model Registry: one model package group a model, whose
 * versions SageMaker counts from 1 and never reuses. What SageMaker has no field for is in
 * `CustomerMetadataProperties`. Approvals made in Studio are read like our own, with who made the
 * last change: SageMaker does not keep who set the approval. The run is in the description, which
 * identifies its version, and in the `ClientToken`, which makes concurrent registrations of one run
 * one version.
 */
export function createSageMakerModelRegistry(
  options: SageMakerModelRegistryOptions,
): ModelRegistry {
  const { client, groupName } = options;
  const arnPrefixes = new Map<string, string>();

  /** Versions are addressed by ARN only; theirs is made from the one of any other version. */
  async function versionArn(model: string, version: number): Promise<string | null> {
    let prefix = arnPrefixes.get(model);
    if (prefix === undefined) {
      const { ModelPackageSummaryList = [] } = await listPage(model, undefined, 1);
      prefix = ModelPackageSummaryList[0]?.ModelPackageArn?.replace(/\d+$/, '');
      if (prefix === undefined) return null;
      arnPrefixes.set(model, prefix);
    }
    return `${prefix}${version}`;
  }

  /** Newest first. */
  async function* summaries(model: string): AsyncGenerator<ModelPackageSummary> {
    let NextToken: string | undefined;
    do {
      const page = await listPage(model, NextToken);
      yield* page.ModelPackageSummaryList ?? [];
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  async function listPage(model: string, NextToken: string | undefined, MaxResults = PAGE) {
    try {
      return await client.send(
        new ListModelPackagesCommand({
          ModelPackageGroupName: groupName(model),
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          MaxResults,
          NextToken,
        }),
      );
    } catch (error) {
      if (isNotFound(error)) return { ModelPackageSummaryList: [], NextToken: undefined };
      throw error;
    }
  }

  async function read(model: string, arn: string): Promise<RegisteredVersion | null> {
    try {
      const found = await client.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
      return toRegisteredVersion(model, found);
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async function findByRun(entry: NewVersion): Promise<RegisteredVersion | null> {
    for await (const summary of summaries(entry.model)) {
      const { ModelPackageArn, ModelPackageDescription } = summary;
      if (ModelPackageArn !== undefined && describesRun(ModelPackageDescription, entry.runId)) {
        return read(entry.model, ModelPackageArn);
      }
    }
    return null;
  }

  async function createInGroup(entry: NewVersion): Promise<string | undefined> {
    try {
      return await create(entry);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await createGroup(entry.model);
      return create(entry);
    }
  }

  async function createGroup(model: string): Promise<void> {
    try {
      await client.send(
        new CreateModelPackageGroupCommand({
          ModelPackageGroupName: groupName(model),
          ModelPackageGroupDescription: `Versions of ${model}, registered by mlops-bot.`,
          Tags: toTags({ ...options.tags, model }),
        }),
      );
    } catch (error) {
      // Another run of the model made it meanwhile.
      if (!isAlreadyThere(error)) throw error;
    }
  }

  async function create(entry: NewVersion): Promise<string | undefined> {
    const { ModelPackageArn } = await client.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: groupName(entry.model),
        ModelPackageDescription: runDescription(entry.runId),
        InferenceSpecification: {
          Containers: [
            {
              Image: options.inferenceImage(entry.recipe),
              ModelDataUrl: s3Uri(options.bucket, entry.artifact.key),
            },
          ],
          SupportedContentTypes: ['application/json'],
          SupportedResponseMIMETypes: ['application/json'],
        },
        ModelApprovalStatus: 'PendingManualApproval',
        CustomerMetadataProperties: toProperties(entry),
        ...(entry.source?.commit ? { MetadataProperties: { CommitId: entry.source.commit } } : {}),
        ClientToken: entry.runId.slice(0, 36),
      }),
    );
    return ModelPackageArn;
  }

  async function known(model: string, version: number) {
    const arn = await versionArn(model, version);
    const found = arn === null ? null : await read(model, arn);
    if (arn !== null && found !== null) return { arn, found };
    throw new MlopsError('VERSION_UNKNOWN', `${model} has no version ${version}.`);
  }

  return {
    async register(entry) {
      const earlier = await findByRun(entry);
      if (earlier !== null) return earlier;
      let arn: string | undefined;
      try {
        arn = await createInGroup(entry);
      } catch (error) {
        // Another process is registering the same run.
        if (!isOneOf(error, 'ConflictException')) throw error;
      }
      const registered = arn === undefined ? await findByRun(entry) : await read(entry.model, arn);
      if (registered !== null) return registered;
      throw new MlopsError('CONFLICT', 'The version is being registered elsewhere.', {
        retryable: true,
      });
    },
    async get(model, version) {
      const arn = await versionArn(model, version);
      return arn === null ? null : read(model, arn);
    },
    async list(model, { below = Infinity, limit = Infinity } = {}) {
      const arns: string[] = [];
      for await (const { ModelPackageArn, ModelPackageVersion = 0 } of summaries(model)) {
        if (ModelPackageArn === undefined || ModelPackageVersion >= below) continue;
        arns.push(ModelPackageArn);
        // Before the generator asks for another page.
        if (arns.length >= limit) break;
      }
      const versions: (RegisteredVersion | null)[] = [];
      for (let start = 0; start < arns.length; start += CONCURRENT_READS) {
        const some = arns.slice(start, start + CONCURRENT_READS);
        versions.push(...(await Promise.all(some.map((arn) => read(model, arn)))));
      }
      return versions.filter((each) => each !== null).sort((a, b) => b.version - a.version);
    },
    async setApproval(model, version, approval, note) {
      const { arn, found } = await known(model, version);
      // SageMaker's pattern allows one line only.
      const ApprovalDescription = (note ?? '').replace(/\s+/g, ' ').slice(0, MAX_NOTE_CHARACTERS);
      // Setting the same approval again would publish another event.
      if (found.approval === approval && (found.approvalNote ?? '') === ApprovalDescription) return;
      await client.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: arn,
          ModelApprovalStatus: toApproval(approval),
          ApprovalDescription,
        }),
      );
    },
    async setRolledBack(model, version, by) {
      const { arn, found } = await known(model, version);
      // Each change publishes an event.
      if (found.rolledBackBy === by) return;
      await client.send(
        new UpdateModelPackageCommand({
          ModelPackageArn: arn,
          ...(by === null
            ? { CustomerMetadataPropertiesToRemove: [ROLLED_BACK_BY] }
            : { CustomerMetadataProperties: { [ROLLED_BACK_BY]: by } }),
        }),
      );
    },
  };
}
