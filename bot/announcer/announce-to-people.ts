import { type Alert, isOpen } from '../../pipeline/core/alert/alert.ts';
import type { Config } from '../../pipeline/core/config.ts';
import { isGroup } from '../../pipeline/core/deciders.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { announcedAlert } from '../blocks/announced-as.ts';
import type { ModelFacts } from '../blocks/message.ts';
import { directAlert } from '../features/alerts/direct-alert.ts';
import { directReminder, directRequest, waitsFor } from '../features/run/direct-request.ts';
import type { People } from '../web-api/people.ts';
import { type AnnounceDirectOptions, createAnnounceDirect } from './announce-direct.ts';
import { recipientsOf } from './direct-recipients.ts';

/** Operators an alert mentions, as in its thread. */
const MOST_OPERATORS = 10;

/** Direct messages about requests and alerts, for those who want them. */
export function createAnnounceToPeople(
  options: AnnounceDirectOptions & {
    readonly config: Config;
    readonly people: Pick<People, 'membersOf'>;
    /** Of a run's card, or of an alert's by the id it is announced under. */
    readonly cardLink: (announced: string) => Promise<string | null>;
  },
) {
  const { config, people, cardLink, clock } = options;
  const announceDirect = createAnnounceDirect(options);

  return {
    async request(run: Run, facts: ModelFacts): Promise<void> {
      const recipients = await recipientsOf(run, people);
      if (recipients.length === 0) return;
      const address = await cardLink(run.id);
      await announceDirect(
        run.id,
        { run_id: run.id },
        recipients.map(({ userId, isByName, reminders }) => {
          const isAsked = waitsFor(run, userId, clock.now());
          return {
            userId,
            isAsked,
            isByName,
            message: directRequest(run, facts, { id: userId, isAsked, address }),
            replies: reminders,
            reply: directReminder(run, userId, isAsked),
          };
        }),
      );
    },

    async alert(alert: Alert, facts: ModelFacts): Promise<void> {
      const named =
        config.operators === 'everyone' ? [] : config.operators.slice(0, MOST_OPERATORS);
      const operators = named.some(isGroup) ? await people.membersOf(named) : named;
      if (operators === null || operators.length === 0) return;
      const announced = announcedAlert(alert.id);
      const message = directAlert(alert, facts, await cardLink(announced));
      await announceDirect(
        announced,
        { incident_id: alert.id },
        operators.map((userId) => ({
          userId,
          isAsked: isOpen(alert) && alert.mute === null && alert.acknowledged === null,
          isByName: false,
          message,
          replies: [],
          reply: message,
        })),
      );
    },
  };
}
