import { createFakeEndpointHost } from '../fakes/fake-endpoint-host.ts';
import { aConfig, makeEndpointHost } from '../local/endpoint-host-harness.ts';
import { describeEndpointHost, endpointName } from './endpoint-host.contract.ts';

describeEndpointHost('local', async () => {
  const { host, config, until } = await makeEndpointHost();
  return { host, until, config: (version, loads = 'well') => config(version, { loads }) };
});

describeEndpointHost('fake', async () => {
  const host = createFakeEndpointHost();
  host.answer((_, config) => JSON.stringify({ answer: config.version }));
  return {
    host,
    async config(version, loads = 'well') {
      // The fake is set up per deployment; the contract deploys right after it has asked.
      host.behave(loads === 'well' ? 'settles' : { fails: 'The model cannot be loaded.' });
      return aConfig(version, `models/v${version}/model.tar.gz`);
    },
    async until(isSo) {
      const endpoint = await host.describe(endpointName);
      if (endpoint === null || !isSo(endpoint)) throw new Error('The fake is not there.');
      return endpoint;
    },
  };
});
