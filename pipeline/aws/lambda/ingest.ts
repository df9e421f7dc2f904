// A file in the inbox becomes a run. The event may come twice; the run's id is made from the content,
// so the same file, like the same event, finds its existing run.
import { createAnnouncementQueue } from './announcement-queue.ts';
import { compose } from './compose.ts';
import { composeIngest } from './compose-ingest.ts';
import { required } from './environment.ts';

const composition = compose('ingest', process.env, import.meta.dirname);
const ingest = composeIngest(
  composition,
  createAnnouncementQueue({
    region: composition.settings.region,
    queueUrl: required(process.env, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
  }),
);

export const handler = (event: unknown) => ingest(event);
