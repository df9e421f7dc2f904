import { type Alert, isOpen } from '../../pipeline/core/alert/alert.ts';
import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import { announcedAlert } from '../blocks/announced-as.ts';
import { type ModelFacts, modelFacts } from '../blocks/message.ts';
import { alertCard } from '../features/alerts/alert-card.ts';
import { alertThread } from '../features/alerts/alert-thread.ts';
import { type CureTools, findCure } from '../features/alerts/find-cure.ts';
import { type LedgerOptions, openLedger } from './ledger.ts';
import type { Poster } from './poster.ts';
import { createSyncThread } from './sync-thread.ts';

export interface AnnounceAlertOptions extends LedgerOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly poster: Poster;
  readonly cardLink: CureTools['cardLink'];
  /** Direct messages to those who want them; left out: nobody. */
  readonly announceToPeople?: (alert: Alert, facts: ModelFacts) => Promise<void>;
}

/**
 * Brings Slack in line with the record of an alert. While it is muted nothing is posted: what
 * is there already is edited, and what opened meanwhile is told when the mute is over.
 */
export function createAnnounceAlert(options: AnnounceAlertOptions) {
  const { config } = options;
  const syncThread = createSyncThread({ ...options, channel: config.channel });

  return async function announceAlert(alert: Alert, force?: ReadonlySet<string>): Promise<void> {
    if (alert.opened === null) return;
    const ledger = await openLedger(announcedAlert(alert.id), options);
    if (ledger.now.rootTs === null && isSilent(alert)) return;
    const facts = modelFacts(config, alert.model);
    const cure = isOpen(alert) ? await findCure(options, alert, facts) : null;
    const root = alertCard(alert, facts, cure);
    await syncThread(
      ledger,
      {
        revision: alert.revision,
        root,
        firstRoot: root,
        entries: alertThread(alert, facts, {
          operators: config.operators === 'everyone' ? [] : config.operators,
        }),
        rootMark: mark('mlops_incident', { incident_id: alert.id }),
        entryMark: (key) => mark('mlops_incident_entry', { incident_id: alert.id, key }),
      },
      force,
    );
    await options.announceToPeople?.(alert, facts);
  };
}

function isSilent({ ended, mute, ...alert }: Alert): boolean {
  return isOpen({ ended, mute, ...alert }) ? mute !== null : ended?.silently === true;
}

function mark(
  event_type: 'mlops_incident' | 'mlops_incident_entry',
  event_payload: Readonly<Record<string, string>>,
) {
  return { event_type, event_payload };
}
