import type { Alert } from '../../pipeline/core/alert/alert.ts';
import type { Config } from '../../pipeline/core/config.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Run } from '../../pipeline/core/run.ts';
import { type ModelFacts, modelFacts } from '../blocks/message.ts';
import { card } from '../features/run/card.ts';
import { thread } from '../features/run/thread.ts';
import { promotionDiff } from '../features/versions/load-diff.ts';
import { isHistory } from './find-unannounced.ts';
import { type LedgerOptions, openLedger } from './ledger.ts';
import type { Poster } from './poster.ts';
import { createSyncThread } from './sync-thread.ts';

export interface AnnounceRunOptions extends LedgerOptions {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly poster: Poster;
  /** The workspace is read on other machines than this one; left out: not so. */
  readonly isRemote?: boolean;
  /** Direct messages to those who want them; left out: nobody. */
  readonly announceRequest?: (run: Run, facts: ModelFacts) => Promise<void>;
  /** Alerts of the model link a candidate that would end them. */
  readonly announceAlert: (alert: Alert) => Promise<void>;
}

/** Brings Slack in line with the record of a run: its `card` and the entries of its `thread`. */
export function createAnnounceRun(options: AnnounceRunOptions) {
  const { config, pipeline } = options;
  const syncThread = createSyncThread({ ...options, channel: config.channel });

  /** `force`: keys of messages (`root`, entries) to edit even when they should be right already. */
  return async function announceRun(run: Run, force?: ReadonlySet<string>): Promise<void> {
    const diff = await promotionDiff(pipeline, run);
    const facts = { ...modelFacts(config, run.model), diff, isRemote: options.isRemote === true };
    const ledger = await openLedger(run.id, options);
    await syncThread(
      ledger,
      {
        revision: run.revision,
        root: card(run, facts),
        // The thread mentions approvers, once.
        firstRoot: card(run, facts, { quiet: true }),
        entries: thread(run, facts),
        rootMark: { event_type: 'mlops_run', event_payload: { run_id: run.id } },
        entryMark: (key) => ({
          event_type: 'mlops_run_entry',
          event_payload: { run_id: run.id, key },
        }),
        isHistory: run.endedAt !== null && isHistory(run.endedAt, options.clock.now()),
      },
      force,
    );
    if (run.approval !== null) await options.announceRequest?.(run, facts);
    if (run.kind === 'retrain' && run.approval !== null) await linkFromAlerts(run.model);
  };

  async function linkFromAlerts(model: string): Promise<void> {
    for (const alert of await pipeline.listAlerts({ model, open: true })) {
      await options.announceAlert(alert);
    }
  }
}
