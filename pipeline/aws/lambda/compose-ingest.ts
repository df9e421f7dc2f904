import { withAudit } from '../../flow/with-audit.ts';
import { createDatasetIntake } from '../dataset-intake.ts';
import type { AnnouncementQueue } from './announcement-queue.ts';
import type { Composition } from './compose.ts';
import { createIngest } from './create-ingest.ts';

/** The inbox function over the AWS adapters. */
export function composeIngest(
  { clients, settings, pipeline, deps, telemetry }: Composition,
  announcements: AnnouncementQueue,
): (event: unknown) => Promise<void> {
  return createIngest({
    pipeline: withAudit(pipeline, { from: 'inbox', clock: deps.clock }),
    config: deps.config,
    intake: createDatasetIntake({ client: clients.s3, bucket: settings.bucket }),
    announcements,
    telemetry,
  });
}
