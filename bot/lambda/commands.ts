// The door of terminals, CI and schedules: whoever may invoke this function gives commands with the
// rights of an operator. It does not speak to Slack: the events of what it does are told there.
import { compose } from '../../pipeline/aws/lambda/compose.ts';
import { createCommandsEntry } from './create-commands-entry.ts';

const { pipeline, deps, telemetry } = compose('commands', process.env, import.meta.dirname);
const { config, clock } = deps;

export const handler = createCommandsEntry({ tools: { config, pipeline, clock }, telemetry });
