import { alertSections } from './alert-examples.ts';
import { alertRecordSections } from './alert-record-examples.ts';
import { answerSections } from './answer-examples.ts';
import { evidenceSections } from './evidence-examples.ts';
import type { Section } from './example.ts';
import { fleetSections } from './fleet-examples.ts';
import { formSections } from './form-examples.ts';
import { modelCardSections } from './model-card-examples.ts';
import { retireSections } from './retire-examples.ts';
import { rollbackSections } from './rollback-examples.ts';
import { runSections } from './run-examples.ts';
import { trySections } from './try-examples.ts';

/**
 * Every message, modal and Home tab the bot can send. Add a new state as one line in its section and
 * a new kind of message as a function here: `npm run gallery` then shows it, and a test holds it to
 * Slack's limits.
 */
export function sections(): readonly Section[] {
  return [
    ...runSections(),
    ...alertSections(),
    ...alertRecordSections(),
    ...fleetSections(),
    ...formSections(),
    ...rollbackSections(),
    ...retireSections(),
    ...trySections(),
    ...evidenceSections(),
    ...modelCardSections(),
    ...answerSections(),
  ];
}
