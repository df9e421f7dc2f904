import type { Deployment } from '../../../pipeline/core/run.ts';
import { shellWord } from '../../blocks/escape.ts';

/** The region inside a SageMaker runtime address. */
const SAGEMAKER = /^https:\/\/runtime\.sagemaker\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\//;

/** What a preformatted block shows in full. */
const MOST_CHARACTERS = 2_500;

/** A command that asks the live endpoint and works as it stands; null without an example. */
export function curlLine({ url, example }: Pick<Deployment, 'url' | 'example'>): string | null {
  if (url === null || example === null) return null;
  const command = [
    'curl -s',
    ...signing(url),
    `-H ${shellWord(`Content-Type: ${example.contentType}`)}`,
    `-d ${shellWord(example.body)}`,
    shellWord(url),
  ].join(' ');
  // Half a command is worse than none.
  return command.length > MOST_CHARACTERS ? null : command;
}

/** SageMaker wants AWS Signature V4, which curl makes from the usual environment variables. */
function signing(url: string): readonly string[] {
  const region = SAGEMAKER.exec(url)?.[1];
  if (region === undefined) return [];
  return [
    `--aws-sigv4 aws:amz:${region}:sagemaker`,
    '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    '-H "x-amz-security-token: $AWS_SESSION_TOKEN"',
  ];
}
