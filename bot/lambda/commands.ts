// The doors of terminals, CI and schedules, an alias of this function each: whoever may invoke `cli`
// gives commands with the rights of an operator. It does not speak to Slack: *announce* tells there
// what came of a command, and why a scheduled one was refused.
import { createAnnouncementQueue } from '../../pipeline/aws/lambda/announcement-queue.ts';
import { compose, required } from '../../pipeline/aws/lambda/compose.ts';
import { createCommandsEntry } from './create-commands-entry.ts';

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
