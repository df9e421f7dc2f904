import { expect } from 'vitest';
import { attack } from '../attack.ts';
import { send } from '../send.ts';
import { expectRefused, type Target } from './target.ts';

/** Requests from other sites, and for files that are none of the page’s. */
export function pageRequests(target: () => Target): void {
  attack('page Host, Origin, CSRF, traversal', 'is answered with 4xx', async (survives) => {
    const { url } = target();
    const { host } = new URL(url);
    const post = { 'content-type': 'application/json' };
    const body = JSON.stringify({ user: 'U0GRACE', channel: 'C0MLOPS', text: 'hi' });
    const headers: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
      ['a foreign Host', { ...post, host: 'evil.example' }],
      ['a Host that begins like ours', { ...post, host: `${host}.evil.example` }],
      ['a Host with another port', { ...post, host: '127.0.0.1:1' }],
      ['a foreign Origin', { ...post, origin: 'https://evil.example' }],
      ['the Origin null', { ...post, origin: 'null' }],
      ['an Origin with https', { ...post, origin: `https://${host}` }],
      ['an Origin that begins like ours', { ...post, origin: `http://${host}.evil.example` }],
      ['a cross-site fetch', { ...post, 'sec-fetch-site': 'cross-site' }],
      ['a same-site fetch', { ...post, 'sec-fetch-site': 'same-site' }],
      ['a plain form', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['plain text', { 'content-type': 'text/plain' }],
      ['a multipart form', { 'content-type': 'multipart/form-data; boundary=x' }],
    ];
    for (const [what, given] of headers) {
      await survives(what, async () =>
        expectRefused(await send(url, { path: '/api/messages', headers: given, body })),
      );
    }
    const paths = [
      '/../../etc/passwd',
      '/..%2f..%2fetc%2fpasswd',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/files/..%2f..%2fstate.sqlite',
      '/files/../state.sqlite',
      '/assets/../../state.sqlite',
      '//etc/passwd',
      '/plugins/pipeline/../../cli.json',
      '/slack/../cli.json',
      '/cli.json',
      '/state.sqlite',
      '/files/%00',
      '/files/state.sqlite%00.png',
    ];
    for (const path of paths) {
      await survives(path, async () => {
        const answer = await send(url, { method: 'GET', path });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.body).not.toMatch(/root:|SQLite|token/);
      });
    }
  });
}
