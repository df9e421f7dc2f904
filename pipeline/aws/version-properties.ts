import type { DescribeModelPackageOutput } from '@aws-sdk/client-sagemaker';
import { z } from 'zod';
import { MlopsError } from '../core/errors.ts';
import type { NewVersion, RegisteredVersion } from '../core/ports.ts';
import type { RunId } from '../core/run.ts';

/**
 * `CustomerMetadataProperties`: at most 50, keys of 128 and values of 256 characters, and neither
 * commas, quotes nor braces in them (CreateModelPackage). So every field has an entry of its own.
 */
const MAX_METRICS = 35;
const METRIC = 'metric.';
/** Added to a version later, beside what it was registered with. */
export const ROLLED_BACK_BY = 'rolledBackBy';
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u;

const propertiesSchema = z.object({
  run: z.string(),
  createdAt: z.string(),
  recipe: z.string(),
  artifactKey: z.string(),
  artifactSha256: z.string(),
  artifactBytes: z.coerce.number(),
  digest: z.string(),
  verdict: z.enum(['pass', 'inconclusive', 'not_comparable', 'fail']),
  datasetVersion: z.string(),
  smokeKey: z.string(),
  modelCardKey: z.string().optional(),
  code: z.string().optional(),
  [ROLLED_BACK_BY]: z.string().optional(),
});

/**
 * What SageMaker has no field for.
 * @throws {MlopsError} `CONTRACT_BROKEN` naming a value that the registry cannot hold.
 */
export function toProperties(entry: NewVersion): Record<string, string> {
  const properties = {
    run: entry.runId,
    createdAt: entry.createdAt,
    recipe: entry.recipe,
    artifactKey: entry.artifact.key,
    artifactSha256: entry.artifact.sha256,
    artifactBytes: String(entry.artifact.bytes),
    digest: entry.digest,
    verdict: entry.verdict,
    datasetVersion: entry.datasetVersion,
    smokeKey: entry.smokeKey,
    ...(entry.cardKey === undefined ? {} : { modelCardKey: entry.cardKey }),
    ...(entry.source === undefined ? {} : { code: entry.source.code }),
    ...Object.fromEntries(
      Object.entries(entry.metrics)
        .slice(0, MAX_METRICS)
        .map(([name, value]) => [`${METRIC}${name}`, String(value)]),
    ),
  };
  for (const [name, value] of Object.entries(properties)) {
    if (allowed.test(value) && allowed.test(name) && name.length <= 128) continue;
    throw new MlopsError(
      'CONTRACT_BROKEN',
      `The Model Registry cannot hold ${name} = “${value.slice(0, 100)}”.`,
      { hint: 'It takes letters, digits, spaces and _ . : / = + - @, at most 256 characters.' },
    );
  }
  return properties;
}

/** Null for a version that was registered without us. */
export function toRegisteredVersion(
  model: string,
  found: DescribeModelPackageOutput,
): RegisteredVersion | null {
  const raw = found.CustomerMetadataProperties ?? {};
  const parsed = propertiesSchema.safeParse(raw);
  if (!parsed.success || found.ModelPackageVersion === undefined) return null;
  const { data } = parsed;
  return {
    model,
    version: found.ModelPackageVersion,
    runId: data.run,
    createdAt: data.createdAt,
    recipe: data.recipe,
    artifact: { key: data.artifactKey, sha256: data.artifactSha256, bytes: data.artifactBytes },
    digest: data.digest,
    metrics: Object.fromEntries(
      Object.entries(raw)
        .filter(([name]) => name.startsWith(METRIC))
        .map(([name, value]) => [name.slice(METRIC.length), Number(value)]),
    ),
    verdict: data.verdict,
    datasetVersion: data.datasetVersion,
    ...(data.code === undefined
      ? {}
      : { source: { code: data.code, commit: found.MetadataProperties?.CommitId ?? null } }),
    smokeKey: data.smokeKey,
    ...(data.modelCardKey === undefined ? {} : { cardKey: data.modelCardKey }),
    approval: toApproval(found.ModelApprovalStatus),
    approvalNote: found.ApprovalDescription || null,
    lastChangeInStudio: changeInStudio(found),
    rolledBackBy: data.rolledBackBy ?? null,
  };
}

/** Only Studio users have a profile; everyone else, including us, only has an IAM identity. */
function changeInStudio({
  LastModifiedBy: { DomainId, UserProfileName } = {},
  LastModifiedTime,
}: DescribeModelPackageOutput): RegisteredVersion['lastChangeInStudio'] {
  if (!DomainId || !UserProfileName || LastModifiedTime === undefined) return null;
  return { by: `${DomainId}/${UserProfileName}`, at: LastModifiedTime.toISOString() };
}

/** Anything unknown counts as pending: it approves nothing. */
export function toApproval(status: string | undefined): RegisteredVersion['approval'] {
  return status === 'Approved' || status === 'Rejected' ? status : 'PendingManualApproval';
}

export function runDescription(runId: RunId): string {
  return `Registered by run ${runId}`;
}

/** People may add to a description in Studio. */
export function describesRun(description: string | undefined, runId: RunId): boolean {
  return `${description ?? ''} `.startsWith(`${runDescription(runId)} `);
}
