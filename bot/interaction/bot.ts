import type { WebClient } from '@slack/web-api';
import type { AlertId } from '../../pipeline/core/alert/alert.ts';
import type { Config } from '../../pipeline/core/config.ts';
import type { NewFile } from '../../pipeline/core/data-contract/data-policy.ts';
import type { Pipeline } from '../../pipeline/core/pipeline.ts';
import type { Clock } from '../../pipeline/core/ports.ts';
import type { Person, RunId } from '../../pipeline/core/run.ts';
import type { Notifications } from '../web-api/notifications.ts';
import type { People } from '../web-api/people.ts';

/** Controls that exist only where everything runs on one machine. */
export interface LocalControls {
  /** Takes the machine away from the model's training job (or any), as Spot would. */
  interrupt(model?: string): Promise<{ message: string }>;
}

/** Told when a card may be out of date: the announcer of this process, or the queue in front of it. */
export interface CardHints {
  onEvent(runId: RunId, options?: { redraw?: boolean }): void | Promise<void>;
  onAlert(id: AlertId, options?: { redraw?: boolean }): void | Promise<void>;
}

/** Where a file from Slack becomes a dataset. */
export interface DatasetInbox {
  /**
   * Takes the file as a dataset of the model, which starts a run; what happens next, as a sentence.
   * @throws {MlopsError} `DATASET_INVALID` for its name or size.
   */
  take(file: {
    readonly model: string;
    readonly fileName: string;
    readonly body: AsyncIterable<Uint8Array>;
    readonly by: Person;
    /** Left out: as the configuration of the model says. */
    readonly newFile?: NewFile;
  }): Promise<{ readonly message: string }>;
}

/** What every command, action and form works with. */
export interface Bot {
  readonly config: Config;
  readonly pipeline: Pipeline;
  readonly people: People;
  readonly cards: CardHints;
  readonly client: WebClient;
  readonly clock: Clock;
  readonly log: (line: string) => void;
  readonly local: LocalControls | null;
  /** Null where files from Slack have no way in. */
  readonly datasets: DatasetInbox | null;
  /** What people chose about direct messages; null where that is not kept. */
  readonly notifications: Notifications | null;
  /** Readers are on other machines, which cannot reach an address of this one. */
  readonly isRemote: boolean;
  /** Models that are retrained by the clock, with the EventBridge Scheduler expression of each. */
  readonly schedules: Readonly<Record<string, string>>;
  /** Link to a run's card; null while there is none, or when Slack does not return it. */
  readonly cardLink: (runId: RunId) => Promise<string | null>;
}
