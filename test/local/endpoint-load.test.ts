import { writeFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointName } from '../contract/endpoint-host.contract.ts';
import { makeEndpointHost } from './endpoint-host-harness.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

async function makeLiveHost() {
  const harness = await makeEndpointHost();
  await harness.host.deploy(await harness.config(1));
  const { url } = await harness.isServing(1);
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  onTestFinished(() => agent.destroy());

  /** Begins a request of which only the head is sent. */
  function begin(path: string, bytes: number) {
    const sent = request(new URL(path, url), {
      method: 'POST',
      agent,
      headers: { 'content-length': bytes },
    });
    const answered = new Promise<Answer>((resolve, reject) => {
      sent.on('error', reject);
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers }),
        );
      });
    });
    sent.flushHeaders();
    return { sent, answered };
  }

  function post(body: string): Promise<Answer> {
    const { sent, answered } = begin(url, body.length);
    sent.end(body);
    return answered;
  }

  /** Takes both places of the configuration until the file exists. */
  async function occupy(file: string) {
    const waiting = [post(`wait:${file}`), post(`wait:${file}`)];
    while ((await post('x')).status !== 429);
    return waiting;
  }

  return { ...harness, url, begin, post, occupy };
}

describe('an endpoint under load', () => {
  it('answers each of 1,000 requests at once, or says when to try again', async () => {
    const { host, post, url } = await makeLiveHost();
    const body = 'x'.repeat(20_000);

    const burst = Promise.all(Array.from({ length: 1000 }, () => post(body)));
    const described = await host.describe(endpointName);
    const health = await fetch(url.replace('invocations', 'ping'));
    const answers = await burst;
    const afterwards = await post('x');

    const answered = answers.filter(({ status }) => status === 200).length;
    const refused = answers.filter(({ status }) => status === 429);
    expect(answered).toBeGreaterThanOrEqual(2);
    expect(answered + refused.length).toBe(1000);
    expect(new Set(refused.map(({ headers }) => headers['retry-after']))).toEqual(new Set(['1']));
    expect([described?.status, health.status, afterwards.status]).toEqual(['InService', 200, 200]);
    expect(await host.describe(endpointName)).toMatchObject({
      invocations: answered + 1,
      serverErrors: 0,
    });
  });

  it('keeps no body of a request that it refuses', async () => {
    const { folder, url, begin, occupy } = await makeLiveHost();
    const file = join(folder, 'go-on');
    const waiting = await occupy(file);
    const body = Buffer.alloc(4 * 1024 ** 2 - 1);
    const before = process.memoryUsage().arrayBuffers;

    const refused = Array.from({ length: 75 }, () => begin(url, body.length + 1));
    await Promise.all(
      refused.map(({ sent }) => new Promise((flushed) => sent.write(body, flushed))),
    );
    const kept = process.memoryUsage().arrayBuffers - before;
    for (const { sent } of refused) sent.end('x');
    const answers = await Promise.all(refused.map(({ answered }) => answered));
    writeFileSync(file, '');

    // 300 MB were sent.
    expect(kept).toBeLessThan(150 * 1024 ** 2);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
    expect((await Promise.all(waiting)).map((each) => each.status)).toEqual([200, 200]);
  });

  it('frees the place of a client that goes away while it sends', async () => {
    const { url, begin, post } = await makeLiveHost();
    const halves = [begin(url, 10), begin(url, 10)];
    for (const { answered } of halves) answered.catch(() => {});
    while ((await post('x')).status !== 429);

    for (const { sent } of halves) sent.destroy();
    let status = 429;
    while (status === 429) ({ status } = await post('x'));

    expect(status).toBe(200);
  });
});
