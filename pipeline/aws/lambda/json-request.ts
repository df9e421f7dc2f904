// One signed call of an AWS service that speaks JSON, for what a request from Slack waits for before
// anything else: the SDK's clients take tens of milliseconds to load, and this takes one.
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import aws4 from 'aws4';
import { type Environment, required } from './environment.ts';

const ATTEMPTS = 3;
/** Upper limits of the random pauses between attempts. */
const PAUSE_MILLISECONDS = [100, 300];
const transient =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|InternalServer/;

export type JsonRequest = (
  /** `X-Amz-Target`, such as `AmazonSSM.GetParameters`. */
  target: string,
  input: object,
) => Promise<unknown>;

/** An error that the service answered with; `name` is its code. */
class ServiceError extends Error {
  readonly isTransient: boolean;

  constructor(name: string, message: string, isTransient: boolean) {
    super(message);
    this.name = name;
    this.isTransient = isTransient;
  }
}

/**
 * Calls a service over kept connections: at most three attempts, again after a lost connection, a
 * timeout, throttling or a fault of the service. Rejects with the last error, whose `name` is the
 * code of the service's answer.
 */
export function createJsonRequest(options: {
  readonly service: 'ssm' | 'dynamodb' | 'servicequotas' | 'tagging';
  /** Names the Region, the credentials and, where it is not the public one, the endpoint. */
  readonly environment: Environment;
  /** Of each attempt, the connection included. */
  readonly timeoutMilliseconds: number;
  /** From 0 to 1: spreads retries. */
  readonly random?: () => number;
  /** Throws where no call may be made any more; called before every attempt. */
  readonly beforeCall?: () => void;
}): JsonRequest {
  const { service, environment, timeoutMilliseconds, random = Math.random } = options;
  const { beforeCall = () => {} } = options;
  const region = required(environment, 'AWS_REGION');
  const credentials = credentialsOf(environment);
  const { protocol, hostname, port } = new URL(
    environment[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
      environment.AWS_ENDPOINT_URL ??
      publicEndpoint(service, region),
  );
  const { Agent, request } = protocol === 'http:' ? http : https;
  const agent = new Agent({ keepAlive: true });
  const version = service === 'dynamodb' ? '1.0' : '1.1';

  function send(target: string, body: string): Promise<{ status: number; text: string }> {
    const headers = { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': target };
    const place = { hostname, ...(port === '' ? {} : { port: Number(port) }), path: '/' };
    const signed = aws4.sign(
      { ...place, service, region, method: 'POST', headers, body },
      credentials,
    );
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          ...place,
          agent,
          method: 'POST',
          headers: signed.headers as http.OutgoingHttpHeaders,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      // Cheaper than an abort signal, and every answer waits for this call.
      const timer = setTimeout(
        () => sent.destroy(new Error(`${target} took longer than ${timeoutMilliseconds} ms.`)),
        timeoutMilliseconds,
      );
      sent.on('close', () => clearTimeout(timer));
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return async (target, input) => {
    const body = JSON.stringify(input);
    for (let failures = 0; ; failures++) {
      beforeCall();
      try {
        const { status, text } = await send(target, body);
        if (status === 200) return JSON.parse(text);
        throw errorOf(status, text);
      } catch (error) {
        const isFinal = error instanceof ServiceError && !error.isTransient;
        if (isFinal || failures + 1 === ATTEMPTS) throw error;
        await pause(random() * (PAUSE_MILLISECONDS[failures] ?? 0));
      }
    }
  };
}

/** Lambda sets these; the session token belongs to the credentials of a role. */
function credentialsOf(environment: Environment) {
  const { AWS_SESSION_TOKEN: sessionToken } = environment;
  return {
    accessKeyId: required(environment, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: required(environment, 'AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function publicEndpoint(service: string, region: string): string {
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function errorOf(status: number, text: string): ServiceError {
  let answer: { __type?: unknown; message?: unknown; Message?: unknown } = {};
  try {
    answer = JSON.parse(text) ?? {};
  } catch {
    // A gateway answered, not the service.
  }
  const name = String(answer.__type ?? `HTTP ${status}`).replace(/^.*#/, '');
  const message = String(answer.message ?? answer.Message ?? 'The service refused the request.');
  return new ServiceError(name, message, status >= 500 || status === 429 || transient.test(name));
}
