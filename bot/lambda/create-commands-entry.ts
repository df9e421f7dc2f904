import type { Telemetry } from '../../pipeline/aws/lambda/telemetry.ts';
import { MlopsError } from '../../pipeline/core/errors.ts';
import { createCliAnswers } from '../cli/answer-cli.ts';
import { doorAsking } from '../cli/callers.ts';
import { errorReply } from '../cli/error-reply.ts';
import type { CliAnswer, CliReply } from '../cli/protocol.ts';
import { type CliQuestion, readCliQuestion } from '../cli/question.ts';
import type { CommandTools } from '../commands/command.ts';
import { createRecordedNames } from './recorded-names.ts';

/** EventBridge tells the announcing function what a command has changed. */
const cards = { onEvent: () => {}, onIncident: () => {} };

/** Bad JSON is nobody's typing: sender and function were deployed from two versions. */
const notUnderstood = {
  kind: 'error',
  code: 'REQUEST_INVALID',
  message: 'The function “commands” does not understand this request.',
  hint: 'Its sender is of another version than what is deployed: npm run deploy brings them together.',
} satisfies CliReply;

/**
 * The function behind the command line, CI and schedules: the commands of Slack, answered as JSON.
 * Lambda tells it nothing about its caller, so it acts for the door that the request names. It
 * throws what nobody can correct, for Lambda's log, alarms and retries.
 */
export function createCommandsEntry(options: {
  readonly tools: Pick<CommandTools, 'config' | 'pipeline' | 'clock'>;
  readonly telemetry: Telemetry;
}): (request: unknown) => Promise<CliAnswer> {
  const { tools, telemetry } = options;
  const { logger, log } = telemetry;
  const answers = createCliAnswers({
    tools: { ...tools, cards, local: null, cardLink: async () => null },
    callerOf: async (request) => doorAsking(request),
    namesOf: createRecordedNames({ audit: tools.pipeline.audit, log }),
    log,
    onError(error, { from }) {
      // Nobody reads what a schedule is told: Lambda tries again, and keeps what fails for good.
      const isLost = error instanceof MlopsError && error.retryable && from === 'schedule';
      if (!(error instanceof MlopsError) || isLost) throw error;
      return errorReply(error);
    },
  });

  return (request) =>
    telemetry.observe({}, async () => {
      const question = readCliQuestion(request);
      if (question === null) {
        logger.warn('A request was not understood.');
        return notUnderstood;
      }
      const answer = await answers(question);
      if (question.kind === 'command')
        logger.info('A command was given.', factsOf(question, answer));
      return answer;
    });
}

function factsOf({ words, from, requestId }: CliQuestion & { kind: 'command' }, answer: CliAnswer) {
  const about = { command: words[0] ?? 'help', from, requestId };
  if (answer.kind === 'error') return { ...about, code: answer.code };
  if (answer.kind === 'run' || answer.problem === null) return about;
  return { ...about, problem: answer.problem };
}
