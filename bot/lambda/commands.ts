// Commands from terminals, CI and schedules, which invoke one alias of this function each. The right
// to invoke `cli` is the right of an operator. This function never calls Slack: *announce* posts the
// results of commands, and why a scheduled one was refused.
import { createAnnouncementQueue } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { compose } from '../../pipeline/aws/lambda/compose.ts';
import { required } from '../../pipeline/aws/lambda/environment.ts';
import { createCommandsEntry } from '../adapters/aws/create-commands-entry.ts';

const { settings, pipeline, deps, telemetry } = compose(
  'commands',
  process.env,
  import.meta.dirname,
);
const { config, clock } = deps;

export const handler = createCommandsEntry({
  tools: { config, pipeline, clock },
  announcements: createAnnouncementQueue({
    region: settings.region,
    queueUrl: required(process.env, 'MLOPS_ANNOUNCEMENTS_QUEUE'),
  }),
  telemetry,
});
