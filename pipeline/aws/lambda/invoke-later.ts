import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Invokes a function without waiting for it; returns once Lambda has accepted the event. */
export async function invokeLater(
  client: LambdaClient,
  functionName: string,
  event: object,
): Promise<void> {
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    }),
  );
}
