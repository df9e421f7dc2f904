import { ListEndpointConfigsCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';

/**
 * The endpoint configurations of ours beyond the newest `keep`, newest first. An endpoint whose name
 * begins the same is another one's.
 */
export async function oldConfigNames(
  sagemaker: SageMakerClient,
  endpointName: string,
  keep: number,
): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await sagemaker.send(
      new ListEndpointConfigsCommand({
        NameContains: `${endpointName}-v`,
        SortBy: 'CreationTime',
        SortOrder: 'Descending',
        MaxResults: 100,
        NextToken,
      }),
    );
    for (const { EndpointConfigName } of page.EndpointConfigs ?? []) {
      if (EndpointConfigName !== undefined) names.push(EndpointConfigName);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const isOurs = new RegExp(`^${endpointName}-v\\d+-[a-z0-9]+$`);
  return names.filter((name) => isOurs.test(name)).slice(keep);
}
