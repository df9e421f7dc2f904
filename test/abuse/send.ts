import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One request exactly as given: paths are not normalised, any header may be set, a body may stop. */
export function send(
  base: string,
  options: {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
  },
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const { method = 'POST', path, headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, timeout: 20_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('No answer within 20 s.')));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The same with a JSON body. */
export function sendJson(
  base: string,
  path: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return send(base, {
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  });
}
