import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { isNotFound } from '../../pipeline/aws/aws-errors.ts';
import { createJsonRequest } from '../../pipeline/aws/lambda/json-request.ts';
import { TAG_PREFIX } from '../../pipeline/aws/tags.ts';
import { secretNames } from '../names.ts';

/** A quota of SageMaker as Service Quotas lists it. */
export interface Quota {
  readonly name: string;
  readonly code: string;
  readonly value: number;
}

/** What a deployment asks of the account before it changes anything. */
export interface Account {
  /** Names of the parameters that are there, of those asked for. */
  parameters(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** Every quota of SageMaker in the Region. */
  quotas(): Promise<readonly Quota[]>;
  /** Models whose endpoints the stage has made and that are still there. */
  servedModels(stage: string): Promise<readonly string[]>;
  /** Creates or replaces a SecureString. */
  storeSecret(name: string, value: string): Promise<void>;
}

const TIMEOUT_MILLISECONDS = 10_000;

interface QuotaPage {
  readonly Quotas?: readonly {
    readonly QuotaName?: string;
    readonly QuotaCode?: string;
    readonly Value?: number;
  }[];
  readonly NextToken?: string;
}

interface TaggedPage {
  readonly ResourceTagMappingList?: readonly { readonly ResourceARN?: string }[];
  readonly PaginationToken?: string;
}

/**
 * The account of the credentials that the AWS command line would use.
 * @throws {Error} `CredentialsProviderError` and its kind when there are none.
 */
export async function openAccount(
  region: string,
  environment: NodeJS.ProcessEnv,
): Promise<Account> {
  // The SDK's chain of profiles, single sign-on and roles; each of its clients has it.
  const { config } = new LambdaClient({ region });
  const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
  const requestOf = (service: 'ssm' | 'servicequotas' | 'tagging') =>
    createJsonRequest({
      service,
      environment: {
        ...environment,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      },
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    });
  const sageMaker = new SageMakerClient({ region });
  const ssm = requestOf('ssm');
  const serviceQuotas = requestOf('servicequotas');
  const tagging = requestOf('tagging');
  return {
    async parameters(names) {
      const { Parameters = [] } = (await ssm('AmazonSSM.GetParameters', { Names: names })) as {
        Parameters?: readonly { readonly Name: string }[];
      };
      return new Set(Parameters.map(({ Name }) => Name));
    },
    async quotas() {
      const quotas: Quota[] = [];
      let NextToken: string | undefined;
      do {
        const page = (await serviceQuotas('ServiceQuotasV20190624.ListServiceQuotas', {
          ServiceCode: 'sagemaker',
          MaxResults: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        })) as QuotaPage;
        for (const { QuotaName = '', QuotaCode = '', Value = 0 } of page.Quotas ?? []) {
          quotas.push({ name: QuotaName, code: QuotaCode, value: Value });
        }
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return quotas;
    },
    async servedModels(stage) {
      const models: string[] = [];
      let PaginationToken = '';
      do {
        const page = (await tagging('ResourceGroupsTaggingAPI_20170126.GetResources', {
          ResourceTypeFilters: ['sagemaker:endpoint'],
          TagFilters: [{ Key: `${TAG_PREFIX}stage`, Values: [stage] }],
          ...(PaginationToken === '' ? {} : { PaginationToken }),
        })) as TaggedPage;
        for (const { ResourceARN = '' } of page.ResourceTagMappingList ?? []) {
          models.push(ResourceARN.split('/').at(-1) ?? '');
        }
        PaginationToken = page.PaginationToken ?? '';
      } while (PaginationToken !== '');
      // Tags of an endpoint outlive it by hours.
      const isThere = await Promise.all(models.map((model) => hasEndpoint(sageMaker, model)));
      return models.filter((_, at) => isThere[at]);
    },
    async storeSecret(name, value) {
      const input = { Name: name, Value: value, Type: 'SecureString', Overwrite: true };
      await ssm('AmazonSSM.PutParameter', input);
    },
  };
}

async function hasEndpoint(client: SageMakerClient, EndpointName: string): Promise<boolean> {
  try {
    const { EndpointStatus } = await client.send(new DescribeEndpointCommand({ EndpointName }));
    return EndpointStatus !== 'Deleting';
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** The secrets of the stage that nobody has stored yet. */
export async function missingSecrets(account: Account, stage: string) {
  const names = secretNames(stage);
  // Whoever may not look is told both.
  const stored = await account.parameters(Object.values(names)).catch(() => new Set<string>());
  return (['signingSecret', 'botToken'] as const).filter((secret) => !stored.has(names[secret]));
}
