import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Run } from '../../pipeline/core/run.ts';
import { asIsLocal, type CliArguments, readArguments } from './arguments.ts';
import { exitCodeOf, exitCodeOfError, exitCodes } from './exit-codes.ts';
import { followRun } from './follow-run.ts';
import { type CliReply, type CliTransport, CliUnreachable } from './protocol.ts';

const manual = `The /mlops commands for terminals and CI, with the app on this machine or a stage on AWS.

  npx mlops help                      all commands; help <command> explains one
  npx mlops status
  npx mlops retrain spam reason="longer" num_train_epochs=5 --wait
  npx mlops rollback spam --yes       --yes confirms, like the button in Slack
  npx mlops approve spam --yes --as U0GRACE
  npx mlops gate replay spam margin=0.01   the verdict with another policy; changes nothing
  npx mlops costs --json              JSON for programs: {"ok", "text", "data"}
  npx mlops --stage production status
  npx mlops doctor                    what this machine lacks; --stage production: that stage

  --wait        follows the run on one line until it ends or waits for approval
  --stage name  a stage of infra/config/stages.ts, with the AWS credentials of this terminal
                (default: MLOPS_STAGE, or the app on this machine; --stage local is that app)
  --as U0ADA    acts as that Slack member (default: the first operator of mlops.config.ts);
                only for the app on this machine
  --data ./data data folder of that app

Exit codes: 0 done; with --wait: deployed, or passed the gate and waits for approval
            1 failed, stopped, rejected, refused, or no answer
            2 not understood, or --yes is missing · 3 blocked by the gate, or not
            trained because the data changed · 4 gate inconclusive
`;

/** Everything outside the command line that it uses. */
export interface CliSurroundings {
  /** The folder that a relative or missing `--data` is resolved against. */
  readonly root: string;
  /** The stage when there is no `--stage`; null: the app on this machine. */
  readonly stage: string | null;
  readonly openLocal: (dataFolder: string) => CliTransport;
  /** Resolves with a sentence when there is no such stage. */
  readonly openStage: (stage: string) => Promise<CliTransport | string>;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Whether a line can be overwritten. */
  readonly isTerminal: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Runs one command; returns the exit code. */
export async function main(args: readonly string[], around: CliSurroundings): Promise<number> {
  const given = readArguments(args);
  if (typeof given === 'string') return misunderstood(given, around);
  if (given.help) {
    around.out(manual);
    return exitCodes.ok;
  }
  const transport = await open(given, around);
  if (typeof transport === 'string') return misunderstood(transport, around);
  try {
    const reply = await transport.command({
      words: given.words,
      as: given.as,
      isConfirmed: given.yes,
      requestId: randomUUID(),
    });
    const run = startedRun(reply);
    if (given.wait && run !== null) return await wait(run, given, transport, around);
    print(reply, given, around);
    return exitCodeOfReply(reply);
  } catch (error) {
    if (!(error instanceof CliUnreachable)) throw error;
    if (given.json) around.out(`${JSON.stringify({ ok: false, error: error.message })}\n`);
    else around.error(`${error.message}\n`);
    return exitCodes.failed;
  }
}

async function open(given: CliArguments, around: CliSurroundings): Promise<CliTransport | string> {
  const stage = given.stage ?? (given.data === null ? around.stage : null);
  if (stage === null || stage === 'local') {
    return around.openLocal(resolve(around.root, given.data ?? 'data'));
  }
  return given.as === null ? around.openStage(stage) : asIsLocal;
}

function misunderstood(sentence: string, { error }: CliSurroundings): number {
  error(`${sentence}\n`);
  return exitCodes.usage;
}

async function wait(
  started: Run,
  given: CliArguments,
  transport: CliTransport,
  around: CliSurroundings,
): Promise<number> {
  const show = given.json ? () => {} : around.error;
  const { run, summary } = await followRun(started, transport, { ...around, error: show });
  const exitCode = exitCodeOf(run);
  const ok = exitCode === exitCodes.ok;
  if (given.json) around.out(`${JSON.stringify({ ok, text: summary, data: { run, exitCode } })}\n`);
  else around.out(`${summary}\n`);
  return exitCode;
}

function print(reply: CliReply, { json }: CliArguments, { out, error }: CliSurroundings): void {
  if (json) {
    out(`${JSON.stringify(jsonOf(reply))}\n`);
  } else if (reply.kind === 'error') {
    error(`${[reply.message, reply.hint].filter(Boolean).join('\n')}\n`);
  } else {
    const isAnswer = reply.problem === null || reply.problem === 'unconfirmed';
    (isAnswer ? out : error)(`${reply.text}\n`);
  }
}

function jsonOf(reply: CliReply): object {
  if (reply.kind === 'error') {
    const { code, message, hint } = reply;
    return { ok: false, error: { code, message, hint } };
  }
  const { text, data, problem } = reply;
  return problem === null ? { ok: true, text, data } : { ok: false, problem, text, data };
}

function exitCodeOfReply(reply: CliReply): number {
  if (reply.kind === 'error') return exitCodeOfError(reply.code);
  if (reply.problem === 'usage' || reply.problem === 'unconfirmed') return exitCodes.usage;
  return reply.problem === 'refused' ? exitCodes.failed : exitCodes.ok;
}

/** The run a command has started or continued, from its data; null for any other answer. */
function startedRun(reply: CliReply): Run | null {
  if (reply.kind === 'error' || reply.problem !== null) return null;
  const data = reply.data as { run?: Run } | null;
  return typeof data?.run?.id === 'string' ? data.run : null;
}
