// What EventBridge events mean to the pipeline. An event is a hint: it may come late, twice, out of
// order or never, so a signal says only where to look. What is in doubt is read from AWS, not from
// the event. Shapes: EventBridge events reference, "Amazon SageMaker AI events", "Amazon S3 events".
import { z } from 'zod';
import { runOfExecution, runOfJob, versionOfConfig } from '../core/names.ts';
import type { RunId } from '../core/run.ts';
import { type DroppedObject, droppedObject } from './dropped-object.ts';

export type Signal =
  /** Ask `onJobChanged`. */
  | { readonly kind: 'job-changed'; readonly jobName: string; readonly runId: RunId }
  /** Ask `onEndpointChanged`; an endpoint is named after its model. */
  | { readonly kind: 'endpoint-changed'; readonly model: string; readonly version: number | null }
  /** Somebody set the approval of a version, perhaps in Studio, perhaps we. */
  | {
      readonly kind: 'version-changed';
      readonly model: string;
      readonly version: number;
      readonly approval: 'Approved' | 'Rejected' | 'PendingManualApproval';
      /** When SageMaker told of it; null when the event does not say. */
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
  /** The story itself ended; any other end than `SUCCEEDED` leaves a run to be ended. */
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

/** Only what a signal needs: SageMaker adds fields, and writes times as numbers or as strings. */
const details = {
  'SageMaker Training Job State Change': z
    .object({ TrainingJobName: z.string() })
    .transform(({ TrainingJobName }): Signal => {
      const runId = runOfJob(TrainingJobName);
      return runId === null
        ? ignored(`${TrainingJobName} is not our job.`)
        : { kind: 'job-changed', jobName: TrainingJobName, runId };
    }),
  'SageMaker Endpoint State Change': z
    .object({ EndpointName: z.string(), EndpointConfigName: z.string().optional() })
    .transform(
      ({ EndpointName, EndpointConfigName = '' }): Signal => ({
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
    .transform((detail): Signal => {
      // Every event carries the approval as it is, also one that tells of another field.
      const touched = detail.UpdatedModelPackageFields ?? ['ModelApprovalStatus'];
      if (!touched.includes('ModelApprovalStatus')) return ignored('The approval was not touched.');
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
    .transform(({ bucket, object }): Signal => {
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
      ({ alarmName, state, previousState }): Signal => ({
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
      ({ durableExecutionName, status }): Signal => ({
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

/** The signal of an EventBridge event; never throws, whatever the event holds. */
export function toSignal(event: unknown): Signal {
  const envelope = eventSchema.safeParse(event);
  if (!envelope.success) return ignored('Not an EventBridge event.');
  const type = envelope.data['detail-type'];
  if (!isKnown(type)) return ignored(`Nothing listens to “${type}”.`);
  const parsed = details[type].safeParse(envelope.data.detail);
  if (!parsed.success) {
    return ignored(`${type} has another form: ${z.prettifyError(parsed.error)}`);
  }
  const signal = parsed.data;
  return signal.kind === 'version-changed' ? { ...signal, at: envelope.data.time } : signal;
}

function isKnown(type: string): type is keyof typeof details {
  return Object.hasOwn(details, type);
}

function ignored(reason: string): Signal {
  return { kind: 'ignored', reason };
}

/** "2026-11-22T10:00:00.000+0000", as alarms write it, as ISO 8601; as it is when it is no time. */
function toInstant(text: string): string {
  const milliseconds = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(milliseconds) ? text : new Date(milliseconds).toISOString();
}
