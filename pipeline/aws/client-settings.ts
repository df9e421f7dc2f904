const VERSION = '0.1.0';
const CONNECTION_MILLISECONDS = 3_000;
const MAX_ATTEMPTS = 4;

export interface ClientOptions {
  readonly region: string;
  /** One address for every service (tests: `moto_server`). */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * What every SDK client is made with: a connection and a request timeout in milliseconds, and at
 * most {@link MAX_ATTEMPTS} attempts with jitter.
 */
export function clientSettings(options: ClientOptions, requestTimeout: number) {
  const { region, endpoint, credentials } = options;
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    customUserAgent: [['mlops-bot', VERSION]] as [string, string][],
    requestHandler: {
      connectionTimeout: CONNECTION_MILLISECONDS,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: 50 },
      httpsAgent: { keepAlive: true, maxSockets: 50 },
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
