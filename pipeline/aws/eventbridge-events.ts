// What EventBridge events mean to the pipeline. An event is a hint: it may come late, twice, out of
// order or never, so it only says where to look; the state itself is read from AWS, not from
// the event. Shapes: EventBridge events reference, "Amazon SageMaker AI events", "Amazon S3 events".
import { z } from 'zod';
import { runOfExecution, runOfJob, versionOfConfig } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import { type DroppedObject, droppedObject } from './dropped-object.ts';

export type AwsEvent =
  /** Ask `onJobChanged`. */
  | { readonly kind: 'job-changed'; readonly jobName: string; readonly runId: RunId }
  /** Ask `onEndpointChanged`; an endpoint is named after its model. */
  | { readonly kind: 'endpoint-changed'; readonly model: string; readonly version: number | null }
  /** The approval of a version was set, in Studio or by us. */
  | {
      readonly kind: 'version-changed';
      readonly model: string;
      readonly version: number;
      readonly approval: 'Approved' | 'Rejected' | 'PendingManualApproval';
      /** When SageMaker sent the event; null when it does not say. */
      readonly at: string | null;
    }
  | { readonly kind: 'dataset-dropped'; readonly dropped: DroppedObject }
  | {
      readonly kind: 'alarm-changed';
      readonly alarmName: string;
      readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
      readonly previousState: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | null;
      readonly reason: string;
      readonly at: string;
    }
  /** A durable execution changed; after any end but `SUCCEEDED` its run still has to be ended. */
  | {
      readonly kind: 'execution-changed';
      readonly runId: RunId;
      /** The run's own execution, or its recovery. */
      readonly executionName: string;
      readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
    }
  /** Not for us, or not understood; `reason` is for the log. */
  | { readonly kind: 'ignored'; readonly reason: string };

const alarmState = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** Only the fields in use: SageMaker adds others, and writes times as numbers or as strings. */
const details = {
  'SageMaker Training Job State Change': z
    .object({ TrainingJobName: z.string() })
    .transform(({ TrainingJobName }): AwsEvent => {
      const runId = runOfJob(TrainingJobName);
      return runId === null
        ? ignored(`${TrainingJobName} is not our job.`)
        : { kind: 'job-changed', jobName: TrainingJobName, runId };
    }),
  'SageMaker Endpoint State Change': z
    .object({ EndpointName: z.string(), EndpointConfigName: z.string().optional() })
    .transform(
      ({ EndpointName, EndpointConfigName = '' }): AwsEvent => ({
        kind: 'endpoint-changed',
        model: EndpointName,
        version: versionOfConfig(EndpointConfigName),
      }),
    ),
  'SageMaker Model Package State Change': z
    .object({
      ModelPackageGroupName: z.string(),
      ModelPackageVersion: z.coerce.number().int().positive(),
      ModelApprovalStatus: z.enum(['Approved', 'Rejected', 'PendingManualApproval']),
      UpdatedModelPackageFields: z.array(z.string()).nullish(),
    })
    .transform((detail): AwsEvent => {
      // Every event carries the current approval, even when another field changed.
      const touched = detail.UpdatedModelPackageFields ?? ['ModelApprovalStatus'];
      if (!touched.includes('ModelApprovalStatus')) return ignored('The approval did not change.');
      return {
        kind: 'version-changed',
        model: detail.ModelPackageGroupName,
        version: detail.ModelPackageVersion,
        approval: detail.ModelApprovalStatus,
        at: null,
      };
    }),
  'Object Created': z
    .object({
      bucket: z.object({ name: z.string() }),
      object: z.object({
        key: z.string(),
        size: z.number().optional(),
        etag: z.string().optional(),
        // moto's spelling
        eTag: z.string().optional(),
        'version-id': z.string().optional(),
      }),
    })
    .transform(({ bucket, object }): AwsEvent => {
      const dropped = droppedObject({
        bucket: bucket.name,
        key: object.key,
        bytes: object.size ?? null,
        etag: (object.etag ?? object.eTag ?? '').replaceAll('"', ''),
        versionId: object['version-id'] ?? null,
      });
      return typeof dropped === 'string' ? ignored(dropped) : { kind: 'dataset-dropped', dropped };
    }),
  'CloudWatch Alarm State Change': z
    .object({
      alarmName: z.string(),
      state: z.object({
        value: alarmState,
        reason: z.string().default(''),
        timestamp: z.string().default(''),
      }),
      previousState: z.object({ value: alarmState }).optional(),
    })
    .transform(
      ({ alarmName, state, previousState }): AwsEvent => ({
        kind: 'alarm-changed',
        alarmName,
        state: state.value,
        previousState: previousState?.value ?? null,
        reason: state.reason,
        at: toInstant(state.timestamp),
      }),
    ),
  'Durable Execution Status Change': z
    .object({
      durableExecutionName: z.string(),
      status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'STOPPED']),
    })
    .transform(
      ({ durableExecutionName, status }): AwsEvent => ({
        kind: 'execution-changed',
        runId: runOfExecution(durableExecutionName),
        executionName: durableExecutionName,
        status,
      }),
    ),
} as const;

const eventSchema = z.object({
  'detail-type': z.string(),
  time: z.iso.datetime().nullable().catch(null),
  detail: z.unknown(),
});

/** What an EventBridge event is about; never throws, whatever the event contains. */
export function readAwsEvent(event: unknown): AwsEvent {
  const envelope = eventSchema.safeParse(event);
  if (!envelope.success) return ignored('Not an EventBridge event.');
  const type = envelope.data['detail-type'];
  if (!isKnown(type)) return ignored(`Nothing handles “${type}”.`);
  const parsed = details[type].safeParse(envelope.data.detail);
  if (!parsed.success) {
    return ignored(`${type} has an unexpected form: ${z.prettifyError(parsed.error)}`);
  }
  const known = parsed.data;
  return known.kind === 'version-changed' ? { ...known, at: envelope.data.time } : known;
}

function isKnown(type: string): type is keyof typeof details {
  return Object.hasOwn(details, type);
}

function ignored(reason: string): AwsEvent {
  return { kind: 'ignored', reason };
}

/** "2026-11-22T10:00:00.000+0000", as alarms write it, as ISO 8601; as it is when it is no time. */
function toInstant(text: string): string {
  const milliseconds = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(milliseconds) ? text : new Date(milliseconds).toISOString();
}
