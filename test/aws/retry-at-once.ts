import type { AwsClients } from '../../pipeline/aws/clients.ts';

const noPause = { setDelayBase: () => {}, computeNextBackoffDelay: () => 0 };

/** Lets the clients retry as often as they would, without the pauses between attempts. */
export function retryAtOnce(clients: AwsClients): AwsClients {
  for (const { config } of Object.values(clients)) {
    const original = config.retryStrategy;
    config.retryStrategy = async () => {
      const strategy = await original();
      if (!('retryBackoffStrategy' in strategy)) {
        throw new Error('The SDK keeps its pauses elsewhere by now.');
      }
      return Object.assign(strategy, { retryBackoffStrategy: noPause });
    };
  }
  return clients;
}
