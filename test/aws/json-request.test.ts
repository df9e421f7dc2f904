import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createJsonRequest } from '../../pipeline/aws/lambda/json-request.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const answer =
  (status: number, body: object): Answer =>
  (response) =>
    response.writeHead(status).end(JSON.stringify(body));
const hangUp: Answer = (response) => response.destroy();
const never: Answer = () => {};

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that gives these answers in turn, and the requests the server got. */
async function clientOf(answers: readonly Answer[], timeoutMilliseconds = 5_000) {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    const next = answers[requests.push(request) - 1];
    if (next === undefined) throw new Error('There is no answer left.');
    request.resume().on('end', () => next(response, request));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const call = createJsonRequest({
    service: 'ssm',
    environment: {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKTEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
      AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
    },
    timeoutMilliseconds,
    random: () => 0,
  });
  return { requests, ask: () => call('AmazonSSM.GetParameters', { Names: ['/a'] }) };
}

describe('a signed call of a JSON service', () => {
  it('is signed for its Region and service with the credentials of the role', async () => {
    const { ask, requests } = await clientOf([answer(200, { Parameters: [] })]);

    const result = await ask();

    expect(result).toEqual({ Parameters: [] });
    expect(requests[0]?.headers).toMatchObject({
      'x-amz-target': 'AmazonSSM.GetParameters',
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-security-token': 'session',
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKTEST\/\d{8}\/eu-west-1\/ssm\/aws4_request, /,
      ),
    });
  });

  it.each([
    ['a lost connection', hangUp],
    ['a fault of the service', answer(500, { __type: 'InternalServerError' })],
    ['throttling', answer(400, { __type: 'com.amazonaws.ssm#ThrottlingException' })],
    ['an answer of a gateway', (response: ServerResponse) => response.writeHead(502).end('<p>')],
    ['an answer that is cut off', (response: ServerResponse) => response.writeHead(200).end('{"a')],
  ])('is repeated after %s', async (_what, failure) => {
    const { ask, requests } = await clientOf([failure, failure, answer(200, { ok: true })]);

    expect(await ask()).toEqual({ ok: true });
    expect(requests).toHaveLength(3);
  });

  it('ends after three attempts with the error of the last', async () => {
    const busy = answer(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
    const { ask, requests } = await clientOf([busy, busy, busy]);

    await expect(ask()).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    expect(requests).toHaveLength(3);
  });

  it('is not repeated after an error of the request', async () => {
    const refused = answer(400, { __type: 'com.amazonaws.ssm#AccessDeniedException' });
    const { ask, requests } = await clientOf([refused]);

    await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(requests).toHaveLength(1);
  });

  it('gives each attempt its time', async () => {
    const { ask, requests } = await clientOf([never, answer(200, { ok: true })], 100);

    expect(await ask()).toEqual({ ok: true });
    expect(requests).toHaveLength(2);
  });

  it.each(['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'names %s when it is missing',
    (name) => {
      const environment = {
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'a',
        AWS_SECRET_ACCESS_KEY: 'b',
        [name]: undefined,
      };

      expect(() =>
        createJsonRequest({ service: 'dynamodb', environment, timeoutMilliseconds: 1 }),
      ).toThrow(name);
    },
  );
});
