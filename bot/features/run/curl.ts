import type { Deployment } from '../../../pipeline/core/run.ts';
import { shellWord } from '../../blocks/escape.ts';
import type { ModelFacts } from '../../blocks/message.ts';

/** The region in the URL of a SageMaker endpoint. */
const SAGEMAKER = /^https:\/\/runtime\.sagemaker\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\//;

/** Characters that a preformatted block shows in full. */
const MAX_CHARACTERS = 2_500;

/** An address that means another machine to everybody but this one. */
const LOOPBACK = /^https?:\/\/(localhost|127\.|\[::1\])/i;

/**
 * A curl command that calls the live endpoint as it stands; null without an example, and for an
 * address that the readers cannot reach.
 */
export function curlLine(
  { url, example }: Pick<Deployment, 'url' | 'example'>,
  { isRemote = false }: Pick<ModelFacts, 'isRemote'> = {},
): string | null {
  if (url === null || example === null) return null;
  if (isRemote && LOOPBACK.test(url)) return null;
  const command = [
    'curl -s',
    ...signing(url),
    `-H ${shellWord(`Content-Type: ${example.contentType}`)}`,
    `-d ${shellWord(example.body)}`,
    shellWord(url),
  ].join(' ');
  // A cut command would not run.
  return command.length > MAX_CHARACTERS ? null : command;
}

/** SageMaker requires AWS Signature V4, which curl computes from the usual environment variables. */
function signing(url: string): readonly string[] {
  const region = SAGEMAKER.exec(url)?.[1];
  if (region === undefined) return [];
  return [
    `--aws-sigv4 aws:amz:${region}:sagemaker`,
    '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    '-H "x-amz-security-token: $AWS_SESSION_TOKEN"',
  ];
}
