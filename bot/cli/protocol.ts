import type { ErrorCode } from '../../pipeline/core/errors.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';
import type { CommandSource } from './command-sources.ts';
import type { CliQuestion, CliRequest } from './question.ts';

/** What came of a command. */
export type CliReply =
  | {
      readonly kind: 'answer';
      readonly text: string;
      readonly data: unknown;
      /** `unconfirmed`: it asked back, and nothing was done. */
      readonly problem: 'usage' | 'refused' | 'unconfirmed' | null;
    }
  | {
      readonly kind: 'error';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
    };

/** `run` is null when there is no such run. */
export type CliAnswer = CliReply | { readonly kind: 'run'; readonly run: Run | null };

/** The far side: answers what it is asked, through the source by which it came. */
export type CliAnswers = (question: CliQuestion, source: CommandSource) => Promise<CliAnswer>;

/** How the command line reaches the product: the source of the local app, or a Lambda invocation. */
export interface CliTransport {
  /** How often `--wait` looks at a run, in milliseconds. */
  readonly lookEveryMilliseconds: number;
  /** @throws {CliUnreachable} when nothing answers. */
  command(request: CliRequest): Promise<CliReply>;
  /** Null when there is no such run. @throws {CliUnreachable} */
  run(id: RunId): Promise<Run | null>;
}

/** A transport over whatever brings a question to the far side and its answer back. */
export function transportOver(options: {
  readonly lookEveryMilliseconds: number;
  readonly ask: (question: CliQuestion) => Promise<unknown>;
}): CliTransport {
  const { lookEveryMilliseconds, ask } = options;
  return {
    lookEveryMilliseconds,
    async command(request) {
      const answer = (await ask({ kind: 'command', ...request })) as CliAnswer | null;
      if (answer?.kind === 'answer' || answer?.kind === 'error') return answer;
      throw otherVersion();
    },
    async run(id) {
      const answer = (await ask({ kind: 'run', id })) as CliAnswer | null;
      if (answer?.kind === 'run') return answer.run;
      throw otherVersion();
    },
  };
}

function otherVersion(): CliUnreachable {
  return new CliUnreachable(
    'The app and this command line are different versions of mlops-bot.\nRestart the app, or redeploy the stage.',
  );
}

/** Nothing answers at the other end; `message` says what to do about it. */
export class CliUnreachable extends Error {
  /** Whether it may answer a little later by itself. */
  readonly isPassing: boolean;

  constructor(message: string, options: { isPassing?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliUnreachable';
    this.isPassing = options.isPassing ?? false;
  }
}
