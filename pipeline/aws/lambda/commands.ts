// The door of CI and of schedules: whoever may invoke this function may start and read runs, and
// nothing else.
import { withAudit } from '../../flow/with-audit.ts';
import { compose } from './compose.ts';
import { createCommands } from './create-commands.ts';

const { pipeline, deps, telemetry } = compose('commands', process.env, import.meta.dirname);
const commands = createCommands({
  pipeline: withAudit(pipeline, { from: 'ci', clock: deps.clock }),
  telemetry,
});

export const handler = (request: unknown) => commands(request);
