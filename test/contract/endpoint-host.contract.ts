import { describe, expect, it } from 'vitest';
import type {
  EndpointConfig,
  EndpointDescription,
  EndpointHost,
} from '../../pipeline/core/ports.ts';

export interface EndpointHostHarness {
  readonly host: EndpointHost;
  /** A configuration whose model answers its version, or cannot be loaded. */
  config(version: number, loads?: 'well' | 'not'): Promise<EndpointConfig>;
  /** Resolves with the first description for which `isSo` holds. */
  until(isSo: (endpoint: EndpointDescription) => boolean): Promise<EndpointDescription>;
}

/** The one endpoint that harnesses use. */
export const endpointName = 'spam';
const hasSettled = ({ status }: EndpointDescription) =>
  status === 'InService' || status === 'Failed';

/** What every {@link EndpointHost} keeps. */
export function describeEndpointHost(name: string, make: () => Promise<EndpointHostHarness>): void {
  async function ask(host: EndpointHost): Promise<unknown> {
    return JSON.parse(await host.invoke(endpointName, '{}', 'application/json')).answer;
  }

  describe(`EndpointHost: ${name}`, () => {
    it('knows nothing of an endpoint that was never deployed', async () => {
      const { host } = await make();

      await host.prune(endpointName, 1);

      expect(await host.describe(endpointName)).toBeNull();
      await expect(host.invoke(endpointName, '{}', 'application/json')).rejects.toMatchObject({
        code: 'VERIFICATION_FAILED',
      });
    });

    it('serves the first configuration', async () => {
      const { host, config, until } = await make();
      const first = await config(1);

      await host.deploy(first);
      const live = await until(hasSettled);

      expect(live).toMatchObject({
        endpointName,
        status: 'InService',
        configName: first.configName,
        failureReason: null,
        invocations: 0,
        serverErrors: 0,
        p95Milliseconds: null,
      });
      expect(live.startSeconds).toBeGreaterThan(0);
      expect(live.url).toMatch(/^https?:\/\//);
      expect(await ask(host)).toBe(1);
    });

    it('changes nothing when the live configuration is deployed again', async () => {
      const { host, config, until } = await make();
      const first = await config(1);
      await host.deploy(first);
      const before = await until(hasSettled);

      await host.deploy(first);

      expect(await host.describe(endpointName)).toEqual(before);
    });

    it('changes to another configuration and back', async () => {
      const { host, config, until } = await make();
      const [first, second] = [await config(1), await config(2)];
      await host.deploy(first);
      await until(hasSettled);

      await host.deploy(second);
      await until((endpoint) => hasSettled(endpoint) && endpoint.configName === second.configName);
      const answeredBySecond = await ask(host);
      await host.deploy(first);
      await until((endpoint) => hasSettled(endpoint) && endpoint.configName === first.configName);

      expect(answeredBySecond).toBe(2);
      expect(await ask(host)).toBe(1);
    });

    it('keeps serving the old configuration when the new one fails', async () => {
      const { host, config, until } = await make();
      const first = await config(1);
      await host.deploy(first);
      await until(hasSettled);

      await host.deploy(await config(2, 'not'));
      const settled = await until(
        (endpoint) => hasSettled(endpoint) && endpoint.failureReason !== null,
      );

      expect(settled).toMatchObject({ status: 'InService', configName: first.configName });
      expect(settled.failureReason).toContain('cannot be loaded');
      expect(await ask(host)).toBe(1);
    });

    it('fails when the first configuration fails, and recovers with a good one', async () => {
      const { host, config, until } = await make();
      await host.deploy(await config(1, 'not'));
      const failed = await until(hasSettled);

      await host.deploy(await config(2));
      const live = await until((endpoint) => endpoint.status === 'InService');

      expect(failed).toMatchObject({ status: 'Failed', configName: null });
      expect(failed.failureReason).toContain('cannot be loaded');
      expect(live.failureReason).toBeNull();
      expect(await ask(host)).toBe(2);
    });

    it('answers nothing once it was removed, and serves again when it is deployed', async () => {
      const { host, config, until } = await make();
      const first = await config(1);
      await host.remove(endpointName);
      await host.deploy(first);
      await until(hasSettled);

      await host.remove(endpointName);

      expect(await host.describe(endpointName)).toBeNull();
      await expect(host.invoke(endpointName, '{}', 'application/json')).rejects.toThrow();
      await host.deploy(first);
      await until(hasSettled);
      expect(await ask(host)).toBe(1);
    });

    it('still serves the live configuration after the others were forgotten', async () => {
      const { host, config, until } = await make();
      const configs = [await config(1), await config(2), await config(3)];
      for (const each of [...configs, configs[0]]) {
        if (each === undefined) continue;
        await host.deploy(each);
        await until((endpoint) => hasSettled(endpoint) && endpoint.configName === each.configName);
      }

      await host.prune(endpointName, 1);

      expect((await host.describe(endpointName))?.configName).toBe(configs[0]?.configName);
      expect(await ask(host)).toBe(1);
    });
  });
}
