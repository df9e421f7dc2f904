import type { Context } from 'aws-lambda';
import type { AnnouncementQueue } from '../../../pipeline/aws/lambda/announcement-queue.ts';
import type { Telemetry } from '../../../pipeline/aws/lambda/telemetry.ts';
import { MlopsError, toFailure } from '../../../pipeline/core/errors.ts';
import { createCliAnswers } from '../../cli/answer-cli.ts';
import { machineCaller } from '../../cli/callers.ts';
import { type CommandSource, commandSources } from '../../cli/command-sources.ts';
import { errorReply } from '../../cli/error-reply.ts';
import type { CliAnswer, CliReply } from '../../cli/protocol.ts';
import { type CliQuestion, type CliRequest, readCliQuestion } from '../../cli/question.ts';
import type { CommandTools } from '../../interaction/command.ts';
import { createRecordedNames } from './recorded-names.ts';

/** Nothing to do here: EventBridge sends the announcing function every change. */
const cards = { onEvent: () => {}, onAlert: () => {} };

/** People do not type this JSON: a request that does not parse comes from another version. */
const notUnderstood = {
  kind: 'error',
  code: 'REQUEST_INVALID',
  message: 'The function “commands” does not understand this request.',
  hint: 'The caller and the deployed function are different versions: run npm run deploy.',
} satisfies CliReply;

/** Without an alias the source is unknown, and no IAM statement has limited it. */
const withoutAlias = {
  kind: 'error',
  code: 'REQUEST_INVALID',
  message: `The function “commands” answers through its aliases alone: ${commandSources.join(', ')}.`,
  hint: 'Invoke it as …-commands:cli, with lambda:InvokeFunction on that alias (docs/security.md).',
} satisfies CliReply;

/**
 * The function behind the command line, CI and schedules: the commands of Slack, answered as JSON.
 * All it knows about its caller is the alias that was invoked, so it acts for that source. It throws
 * errors that the caller cannot correct, so that Lambda logs, counts and retries them.
 */
export function createCommandsEntry(options: {
  readonly tools: Pick<CommandTools, 'config' | 'pipeline' | 'clock'>;
  readonly announcements: Pick<AnnouncementQueue, 'send'>;
  readonly telemetry: Telemetry;
}): (request: unknown, context: Pick<Context, 'invokedFunctionArn'>) => Promise<CliAnswer> {
  const { tools, announcements, telemetry } = options;
  const { logger, log } = telemetry;
  const answers = createCliAnswers({
    tools: { ...tools, cards, local: null, isRemote: true, cardLink: async () => null },
    callerOf: async (request, source) => machineCaller(request, source),
    namesOf: createRecordedNames({ audit: tools.pipeline.audit, log }),
    log,
    onError(error, source) {
      if (!(error instanceof MlopsError) || source === 'schedule') throw error;
      return errorReply(error);
    },
  });

  /**
   * A schedule does not read the answer. An error that a person can correct is posted to Slack, once
   * per occurrence (by the key); Lambda retries any other, then sends it to the dead-letter queue.
   */
  async function answerSchedule(question: CliQuestion): Promise<CliAnswer> {
    try {
      return await answers(question, 'schedule');
    } catch (error) {
      if (!(error instanceof MlopsError) || error.retryable) throw error;
      if (question.kind === 'command') await announceRefusal(question, error);
      return errorReply(error);
    }
  }

  async function announceRefusal(
    { words, requestId }: CliRequest,
    error: MlopsError,
  ): Promise<void> {
    const [command, model] = words;
    if (command !== 'retrain' || model === undefined) return;
    const { message: reason, hint } = toFailure(error);
    const key = `schedule ${requestId}`;
    await announcements.send({ kind: 'retrain_refused', key, model, reason, hint });
  }

  return (request, { invokedFunctionArn }) =>
    telemetry.observe({}, async () => {
      const source = sourceOf(invokedFunctionArn);
      if (source === null) {
        logger.warn('The function was invoked without an alias.', { invokedFunctionArn });
        return withoutAlias;
      }
      const question = readCliQuestion(request);
      if (question === null) {
        logger.warn('A request does not match the schema.');
        return notUnderstood;
      }
      const answer =
        source === 'schedule' ? await answerSchedule(question) : await answers(question, source);
      if (question.kind === 'command')
        logger.info('A command was given.', { from: source, ...factsOf(question, answer) });
      return answer;
    });
}

/** The alias at the end of `arn:aws:lambda:<region>:<account>:function:<name>:<alias>`. */
function sourceOf(invokedFunctionArn: string): CommandSource | null {
  const alias = invokedFunctionArn.split(':')[7];
  return commandSources.find((source) => source === alias) ?? null;
}

function factsOf({ words, requestId }: CliRequest, answer: CliAnswer) {
  const about = { command: words[0] ?? 'help', requestId };
  if (answer.kind === 'error') return { ...about, code: answer.code };
  if (answer.kind === 'run' || answer.problem === null) return about;
  return { ...about, problem: answer.problem };
}
