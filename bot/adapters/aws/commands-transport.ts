import type { Invocation, Obstacle } from '../../../pipeline/aws/invoke-function.ts';
import { type CliTransport, CliUnreachable, transportOver } from '../../cli/protocol.ts';

/** Each look is a Lambda invocation, and a training takes minutes. */
const LOOK_EVERY_MILLISECONDS = 5_000;

/** Asks the function `commands` of a stage; a retried invocation carries the same request id. */
export function createCommandsTransport(options: {
  readonly stage: string;
  readonly region: string;
  readonly functionName: string;
  readonly invoke: (payload: unknown) => Promise<Invocation>;
}): CliTransport {
  return transportOver({
    lookEveryMilliseconds: LOOK_EVERY_MILLISECONDS,
    async ask(question) {
      const invocation = await options.invoke(question);
      switch (invocation.kind) {
        case 'answered':
          return invocation.payload;
        case 'failed':
          throw new CliUnreachable(
            `Something unexpected went wrong in ${options.functionName}.\nIts log has the details under ${invocation.requestId}.`,
            { isPassing: true },
          );
        case 'not_answered':
          throw unreachable(invocation, options);
      }
    },
  });
}

function unreachable(
  { because, detail }: Invocation & { kind: 'not_answered' },
  place: { readonly stage: string; readonly region: string; readonly functionName: string },
): CliUnreachable {
  const lines = words[because](place, detail);
  const isPassing = because === 'throttled' || because === 'late' || because === 'unreachable';
  return new CliUnreachable(lines.join('\n'), { isPassing });
}

const words: Readonly<
  Record<
    Obstacle,
    (
      place: { readonly stage: string; readonly region: string; readonly functionName: string },
      detail: string,
    ) => readonly string[]
  >
> = {
  no_credentials: ({ stage }, detail) => [
    `No AWS credentials were found for the stage ${stage}: ${detail}`,
    'Sign in, for example with aws sso login, and name the profile in AWS_PROFILE.',
  ],
  credentials_refused: (_, detail) => [
    `AWS does not accept these credentials: ${detail}`,
    'They may have expired: sign in again, for example with aws sso login.',
  ],
  forbidden: ({ functionName, region }) => [
    `These AWS credentials may not invoke ${functionName} in ${region}.`,
    'You need lambda:InvokeFunction on it (docs/security.md).',
  ],
  no_function: ({ stage, region }) => [
    `The stage ${stage} is not deployed in ${region} of this AWS account.`,
    `Deploy it with npm run deploy -- --stage ${stage}, or select the right account (AWS_PROFILE).`,
  ],
  throttled: ({ functionName }) => [
    `AWS is throttling ${functionName}; nothing was done.`,
    'Try again in a minute.',
  ],
  late: ({ stage, functionName }) => [
    `${functionName} did not answer in time, so nobody can tell here whether it was done.`,
    `mlops --stage ${stage} audit tells.`,
  ],
  unreachable: ({ region }, detail) => [
    `AWS Lambda in ${region} could not be reached: ${detail}`,
    'Check the network and try again.',
  ],
};
