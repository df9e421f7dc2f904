// Events of AWS and schedules: resumes runs, watches endpoints, repairs after lost events.
import { createAnnouncementQueue } from './announcement-queue.ts';
import { compose } from './compose.ts';
import { createEventHandler } from './create-event-handler.ts';
import { required } from './environment.ts';

const { deps, pipeline, settings, telemetry } = compose(
  'signals',
  process.env,
  import.meta.dirname,
);
const handle = createEventHandler({
  deps,
  pipeline,
  announcements: createAnnouncementQueue({
    region: settings.region,
    queueUrl: required(process.env, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
  }),
  telemetry,
});

export const handler = (event: unknown) => handle(event);
