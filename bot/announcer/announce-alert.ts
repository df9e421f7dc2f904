import { type Incident, isOpen } from '../../pipeline/core/alert/alert.ts';
import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import { type ModelFacts, modelFacts } from '../blocks/message.ts';
import type { RenderedChart } from '../blocks/render-chart.ts';
import { incidentCard } from '../features/alerts/alert-card.ts';
import { incidentThread } from '../features/alerts/alert-thread.ts';
import { type LedgerOptions, openLedger } from './ledger.ts';
import type { Poster } from './poster.ts';
import { createTellRecord } from './sync-thread.ts';

export interface AnnounceIncidentOptions extends LedgerOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly poster: Poster;
  readonly drawChart: (incident: Incident, facts: ModelFacts) => Promise<RenderedChart>;
  readonly log: (line: string) => void;
}

/**
 * Brings Slack in line with the record of an incident. While it is muted nothing is posted: what
 * is there already is edited, and what opened meanwhile is told when the mute is over.
 */
export function createAnnounceIncident(options: AnnounceIncidentOptions) {
  const { config, drawChart } = options;
  const tellRecord = createTellRecord({ ...options, channel: config.channel });

  return async function announceIncident(
    incident: Incident,
    force?: ReadonlySet<string>,
  ): Promise<void> {
    if (incident.opened === null) return;
    const ledger = await openLedger(`incident:${incident.id}`, options);
    if (ledger.now.rootTs === null && isSilent(incident)) return;
    const facts = modelFacts(config, incident.model);
    const root = incidentCard(incident, facts);
    await tellRecord(
      ledger,
      {
        about: `alert ${incident.id}`,
        revision: incident.revision,
        root,
        firstRoot: root,
        entries: incidentThread(incident, facts, {
          operators: config.operators === 'everyone' ? [] : config.operators,
        }),
        rootMark: mark('mlops_incident', { incident_id: incident.id }),
        entryMark: (key) => mark('mlops_incident_entry', { incident_id: incident.id, key }),
        chart: { fileName: `alert-${incident.id}.png`, draw: () => drawChart(incident, facts) },
      },
      force,
    );
  };
}

function isSilent({ ended, mute, ...incident }: Incident): boolean {
  return isOpen({ ended, mute, ...incident }) ? mute !== null : ended?.silently === true;
}

function mark(
  event_type: 'mlops_incident' | 'mlops_incident_entry',
  event_payload: Readonly<Record<string, string>>,
) {
  return { event_type, event_payload };
}
