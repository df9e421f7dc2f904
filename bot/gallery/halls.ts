import { answerHalls } from './answer-halls.ts';
import type { Hall } from './exhibit.ts';
import { fleetHalls } from './fleet-halls.ts';
import { formHalls } from './form-halls.ts';
import { incidentHalls } from './incident-halls.ts';
import { rollbackHalls } from './rollback-halls.ts';
import { runHalls } from './run-halls.ts';

/**
 * Everything Slack may ever be sent. A new message is one line in the hall it belongs to, a new
 * kind of message one function here: `npm run gallery` shows it and CI holds it to Slack's limits.
 */
export function halls(): readonly Hall[] {
  return [
    ...runHalls(),
    ...incidentHalls(),
    ...fleetHalls(),
    ...formHalls(),
    ...rollbackHalls(),
    ...answerHalls(),
  ];
}
