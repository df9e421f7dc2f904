import type { CliTransport } from '../../bot/cli/protocol.ts';

/** Where the inbox of a stage is, from the outputs of its stacks. */
export interface Inbox {
  readonly bucket: string;
  /** Ends with `/`. */
  readonly prefix: string;
}

/** All that the smoke test uses of a stage: its outputs, its inbox and its function `commands`. */
export interface SmokeStage {
  /** @throws {CliError} when the stage is not deployed, or may not be looked at. */
  inbox(): Promise<Inbox>;
  put(bucket: string, key: string, body: string): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
  readonly commands: Pick<CliTransport, 'command' | 'run'>;
}
