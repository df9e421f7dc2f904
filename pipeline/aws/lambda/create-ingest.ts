import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Config } from '../../core/config.ts';
import { isNoDataset } from '../../core/dataset-file.ts';
import { MlopsError } from '../../core/errors.ts';
import type { Pipeline } from '../../core/pipeline.ts';
import { startFromDataset } from '../../flow/commands/start-from-dataset.ts';
import type { DatasetIntake } from '../dataset-intake.ts';
import type { DroppedObject } from '../dropped-object.ts';
import { readAwsEvent } from '../eventbridge-events.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * Turns "Object Created" events into runs. Idempotent: the run's id is made from the content, which
 * bucket, key and version of the object identify. Other files are refused once in Slack.
 */
export function createIngest(options: {
  readonly pipeline: Pick<Pipeline, 'startRun'>;
  readonly config: Config;
  readonly intake: DatasetIntake;
  readonly announcements: AnnouncementQueue;
  readonly telemetry: Telemetry;
}): (event: unknown) => Promise<void> {
  const { intake, announcements, telemetry } = options;
  const { logger, metrics } = telemetry;

  async function take(dropped: DroppedObject): Promise<void> {
    const { model, fileName, newFile, by } = dropped;
    try {
      const dataset = await intake.take(dropped);
      if (dataset === null) {
        logger.info('The file has been replaced or removed.', { key: dropped.key });
        return;
      }
      const requestedBy = by ?? ({ kind: 'system', name: 'inbox' } as const);
      const { run, isNew } = await startFromDataset(options, {
        dataset,
        model,
        requestedBy,
        ...(newFile === undefined ? {} : { newFile }),
      });
      logger.info(isNew ? 'A run was started.' : 'The dataset already has a run.', {
        runId: run.id,
      });
    } catch (error) {
      // What a person can correct is announced; Lambda retries anything else.
      if (!(error instanceof MlopsError) || error.retryable) throw error;
      await refuse(dropped.key, fileName, error.message);
    }
  }

  /** The notice's key makes it appear once per file and reason, however often the event comes. */
  async function refuse(key: string, fileName: string, reason: string): Promise<void> {
    metrics.addMetric('FilesIgnored', MetricUnit.Count, 1);
    logger.info('The file was refused.', { key, reason });
    const once = `file ${key}: ${reason}`;
    await announcements.send({ kind: 'file_ignored', key: once, fileName, reason });
  }

  return (event) => {
    const key = keyOf(event);
    return telemetry.observe({ key }, async () => {
      const about = readAwsEvent(event);
      if (about.kind === 'dataset-dropped') return take(about.dropped);
      const reason = about.kind === 'ignored' ? about.reason : 'It is not about a file.';
      const fileName = key.split('/').at(-1) ?? '';
      // The console's "folders" are empty objects whose keys end in a slash.
      if (fileName === '' || isNoDataset(fileName)) {
        logger.info('Nothing to ingest.', { reason });
        return;
      }
      await refuse(key, fileName, reason);
    });
  };
}

function keyOf(event: unknown): string {
  const detail = (event as { detail?: { object?: { key?: unknown } } } | null)?.detail;
  return typeof detail?.object?.key === 'string' ? detail.object.key : '';
}
