import { request } from 'node:http';

export interface ModelAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

/** Posts a request to a model server; rejects when no complete answer comes. */
export function forward(options: {
  port: number;
  body: Buffer;
  type: string;
  signal: AbortSignal;
}): Promise<ModelAnswer> {
  const { port, body, type, signal } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: '/invocations',
        method: 'POST',
        headers: { 'content-type': type, 'content-length': body.length },
        // A connection of its own: one kept alive could be closed under the next request.
        agent: false,
        signal,
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 502,
            type: incoming.headers['content-type'] ?? 'application/json',
            body: Buffer.concat(chunks),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
