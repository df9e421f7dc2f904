import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { MlopsError } from '../core/errors.ts';
import type { DatasetPreparer } from '../core/ports.ts';
import { parseContract, prepareReportSchema } from '../core/python-contract.ts';
import { isOneOf } from './aws-errors.ts';

/**
 * {@link DatasetPreparer} by `training/prepare_lambda.py`, which is invoked and waited for. Its
 * report comes back as the answer; Lambda allows 6 MB, a report has at most about 600 KB.
 */
export function createLambdaDatasetPreparer({
  client,
  functionName,
  bucket,
}: {
  readonly client: LambdaClient;
  readonly functionName: string;
  readonly bucket: string;
}): DatasetPreparer {
  return {
    async prepare(request) {
      const { FunctionError, Payload } = await invoke({ bucket, ...request });
      const answer = new TextDecoder().decode(Payload);
      if (FunctionError === undefined) {
        return parseContract(prepareReportSchema, 'prepare-report.json', answer);
      }
      const isLate = /timed out/i.test(answer);
      throw new MlopsError(
        'PREPARE_FAILED',
        isLate ? 'Preparing the dataset took too long.' : 'The dataset could not be prepared.',
        {
          hint: isLate
            ? 'Use a smaller dataset, or raise the timeout of the prepare function.'
            : 'The prepare function failed; its log has the details.',
          cause: new Error(answer.slice(0, 2000)),
        },
      );
    },
  };

  async function invoke(payload: object) {
    try {
      return await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'RequestResponse',
          Payload: new TextEncoder().encode(JSON.stringify(payload)),
        }),
      );
    } catch (cause) {
      if (!isOneOf(cause, 'TooManyRequestsException', 'ServiceException', 'TimeoutError')) {
        throw cause;
      }
      throw new MlopsError('PREPARE_FAILED', 'The prepare function could not be reached.', {
        retryable: true,
        cause,
      });
    }
  }
}
