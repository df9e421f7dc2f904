import type { ErrorCode } from '../../pipeline/core/errors.ts';
import type { Run, RunId } from '../../pipeline/core/run.ts';
import type { CommandSource } from './command-sources.ts';
import type { CliQuestion, CliRequest } from './question.ts';

/** The result of a command. */
export type CliReply =
  | {
      readonly kind: 'answer';
      readonly text: string;
      readonly data: unknown;
      /** `unconfirmed`: it asked for confirmation and did nothing. */
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

/** The server side: answers a question that came from `source`. */
export type CliAnswers = (question: CliQuestion, source: CommandSource) => Promise<CliAnswer>;

/** How the command line reaches the product: HTTP to the local app, or a Lambda invocation. */
export interface CliTransport {
  /** How long `--wait` pauses between two looks at a run, in milliseconds. */
  readonly lookEveryMilliseconds: number;
  /** @throws {CliUnreachable} when nothing answers. */
  command(request: CliRequest): Promise<CliReply>;
  /** Null when there is no such run. @throws {CliUnreachable} */
  run(id: RunId): Promise<Run | null>;
}

/** Makes a transport from a function that sends one question and resolves with its answer. */
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
    'What answers is another version of mlops-bot than this command line.\nStart the app again, or deploy the stage again.',
  );
}

/** The app or the stage does not answer; `message` tells people what to do about it. */
export class CliUnreachable extends Error {
  /** Whether trying again a little later may work. */
  readonly isPassing: boolean;

  constructor(message: string, options: { isPassing?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliUnreachable';
    this.isPassing = options.isPassing ?? false;
  }
}
