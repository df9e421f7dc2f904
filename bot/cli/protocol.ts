import type { ErrorCode } from '../../pipeline/core/errors.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';

/** A command as the shell has taken it apart. */
export interface CliRequest {
  readonly words: readonly string[];
  /** Slack id to act as; null: the operator this machine stands for. */
  readonly as: string | null;
  /** Stands for the button Slack would ask with. */
  readonly isConfirmed: boolean;
  /** Makes a repeated request harmless. */
  readonly requestId: string;
}

export type CliReply =
  | {
      readonly kind: 'answer';
      readonly text: string;
      readonly data: unknown;
      readonly problem: 'usage' | 'refused' | null;
    }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
    };

/**
 * How the command line reaches the product: the door of the local app today; a Lambda invocation
 * can stand here for AWS.
 */
export interface CliTransport {
  /** @throws {CliUnreachable} when nothing answers. */
  command(request: CliRequest): Promise<CliReply>;
  /** Null when there is no such run. @throws {CliUnreachable} */
  run(id: RunId): Promise<Run | null>;
}

/** Nothing answers at the other end; `message` says how to start it. */
export class CliUnreachable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CliUnreachable';
  }
}
