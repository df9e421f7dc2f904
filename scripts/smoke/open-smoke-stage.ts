import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { CliTransport } from '../../bot/cli/protocol.ts';
import { CliError } from '../../infra/cli/cli-error.ts';
import type { Stage } from '../../infra/config/stage.ts';
import { stackName } from '../../infra/names.ts';
import { type ClientOptions, clientSettings } from '../../pipeline/aws/client-settings.ts';
import type { SmokeStage } from './smoke-stage.ts';

const TIMEOUT_MILLISECONDS = 30_000;

/** The deployed stage, with the caller's own credentials. */
export function openSmokeStage(
  stage: Pick<Stage, 'name' | 'region'>,
  commands: CliTransport,
  around: Omit<ClientOptions, 'region'> = {},
): SmokeStage {
  const settings = clientSettings({ ...around, region: stage.region }, TIMEOUT_MILLISECONDS);
  const cloudFormation = new CloudFormationClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: around.endpoint !== undefined });
  return {
    commands,
    async inbox() {
      const StackName = stackName(stage.name, 'data');
      const { Stacks = [] } = await cloudFormation
        .send(new DescribeStacksCommand({ StackName }))
        .catch((error: unknown) => {
          const said = error instanceof Error ? error.message : String(error);
          throw new CliError(
            `The stack ${StackName} could not be read in ${stage.region}: ${said}`,
            `npm run deploy -- --stage ${stage.name} deploys it; you need cloudformation:DescribeStacks.`,
          );
        });
      const outputs = Stacks[0]?.Outputs ?? [];
      const address = outputs.find(({ OutputKey }) => OutputKey === 'Inbox')?.OutputValue ?? '';
      const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.+\/)$/.exec(address) ?? [];
      if (bucket !== undefined && prefix !== undefined) return { bucket, prefix };
      throw new CliError(
        `The stack ${StackName} has no output “Inbox”.`,
        `Deploy it again: npm run deploy -- --stage ${stage.name}.`,
      );
    },
    async put(Bucket, Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv' }));
    },
    async remove(Bucket, Key) {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}
