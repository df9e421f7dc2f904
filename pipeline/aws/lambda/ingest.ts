// A file in the inbox becomes a run. The event may come twice; the run's id is made from the content,
// so that the same file, like the same event, finds the run it has started before.
import { withAudit } from '../../flow/with-audit.ts';
import { createDatasetIntake } from '../dataset-intake.ts';
import { createAnnouncementQueue } from './announcement-queue.ts';
import { compose, required } from './compose.ts';
import { createIngest } from './create-ingest.ts';

const { clients, settings, pipeline, deps, telemetry } = compose(
  'ingest',
  process.env,
  import.meta.dirname,
);
const ingest = createIngest({
  pipeline: withAudit(pipeline, { from: 'inbox', clock: deps.clock }),
  intake: createDatasetIntake({ client: clients.s3, bucket: settings.bucket }),
  announcements: createAnnouncementQueue({
    region: settings.region,
    queueUrl: required(process.env, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
  }),
  telemetry,
});

export const handler = (event: unknown) => ingest(event);
