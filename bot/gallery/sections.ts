import { alertHalls } from './alert-examples.ts';
import { answerHalls } from './answer-examples.ts';
import type { Section } from './example.ts';
import { fleetHalls } from './fleet-examples.ts';
import { formHalls } from './form-examples.ts';
import { rollbackHalls } from './rollback-examples.ts';
import { runHalls } from './run-examples.ts';

/**
 * Everything Slack may ever be sent. A new message is one line in the section it belongs to, a new
 * kind of message one function here: `npm run gallery` shows it and CI holds it to Slack's limits.
 */
export function sections(): readonly Section[] {
  return [
    ...runHalls(),
    ...alertHalls(),
    ...fleetHalls(),
    ...formHalls(),
    ...rollbackHalls(),
    ...answerHalls(),
  ];
}
