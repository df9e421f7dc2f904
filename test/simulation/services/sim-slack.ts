import { createFakeWorkspace, type FakeWorkspace } from '../../bot/fake-workspace.ts';
import type { Faults } from '../engine/faults.ts';

export const API_URL = 'https://slack.simulated/api/';
export const RESPONSE_URL = 'https://slack.simulated/response/1';

export interface SimulatedSlack extends FakeWorkspace {
  /** What `fetch` is for a process; a process that died is never answered. */
  readonly fetch: typeof fetch;
}

/** Slack as the bot reaches it, without a socket: the requests of its Web API client end here. */
export function createSimulatedSlack(faults: () => Faults): SimulatedSlack {
  const workspace = createFakeWorkspace();

  async function answer(url: string, body: string): Promise<Response> {
    if (url === RESPONSE_URL) {
      workspace.respond(JSON.parse(body));
      return new Response('ok');
    }
    const method = url.slice(API_URL.length);
    const trouble = faults().slack(method);
    if (trouble === 'rate_limited') {
      return new Response('', { status: 429, headers: { 'retry-after': '30' } });
    }
    if (trouble === 'down') return new Response('', { status: 503 });
    const fields = Object.fromEntries(new URLSearchParams(body));
    const result = workspace.call(method, fields);
    if (trouble === 'answer_lost') throw new TypeError('fetch failed');
    return new Response(JSON.stringify(result), {
      headers: { 'content-type': 'application/json' },
    });
  }

  return {
    ...workspace,
    fetch: (url, init) => answer(String(url), String(init?.body ?? '')),
  };
}
