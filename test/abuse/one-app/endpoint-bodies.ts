import { expect } from 'vitest';
import { actionIds } from '../../../bot/blocks/action-ids.ts';
import { attack } from '../attack.ts';
import { waitForCard } from '../running-app.ts';
import { send } from '../send.ts';
import { expectRefused, type Target } from './target.ts';

/** Bodies, types and methods that no model expects; approves the version first. */
export function endpointBodies(target: () => Target): void {
  attack(
    'endpoint bodies and types',
    'are answered with 200 or 4xx, never 5xx',
    async (survives) => {
      const { client, waiting } = target();
      await client.click({ user: 'U0GRACE', on: waiting, action_id: actionIds.approve });
      await waitForCard(client, /In production: v1/);
      const [endpoint] = (await client.jobs()).endpoints;
      if (endpoint === undefined) throw new Error('Nothing is served.');
      const { pathname } = new URL(endpoint.url);
      const json = 'application/json';
      const example = JSON.stringify(endpoint.example);
      const bodies: readonly (readonly [string, string | Buffer, string])[] = [
        ['nothing', '', json],
        ['a brace', '{', json],
        ['null', 'null', json],
        ['a number', '7', json],
        ['a text', '"x"', json],
        ['true', 'true', json],
        ['an empty list', '[]', json],
        ['an empty object', '{}', json],
        ['no inputs', '{"x":1}', json],
        ['inputs null', '{"inputs":null}', json],
        ['inputs a number', '{"inputs":7}', json],
        ['inputs a text', '{"inputs":"x"}', json],
        ['inputs an empty list', '{"inputs":[]}', json],
        ['inputs of nulls', '{"inputs":[null]}', json],
        ['inputs nested', '{"inputs":[[[1]]]}', json],
        ['a lone surrogate', '{"inputs":"hello \\ud83d"}', json],
        ['a NUL', '{"inputs":"\\u0000"}', json],
        ['1e308', '{"inputs":[{"mean radius":1e308}]}', json],
        ['1e400', '{"inputs":[{"mean radius":1e400}]}', json],
        ['NaN', '{"inputs":[{"mean radius":NaN}]}', json],
        ['Infinity', '{"inputs":[{"mean radius":Infinity}]}', json],
        ['a text for a number', '{"inputs":[{"mean radius":"x"}]}', json],
        ['a column that is unknown', '{"inputs":[{"unknown":1}]}', json],
        ['__proto__', '{"__proto__":{"inputs":1}}', json],
        ['keys twice', '{"inputs":1,"inputs":2}', json],
        ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, json],
        ['a long number', `{"inputs":${'9'.repeat(10_000)}}`, json],
        ['Latin-1', Buffer.from('{"inputs":"caf\xe9"}', 'latin1'), json],
        ['UTF-16', Buffer.from(example, 'utf16le'), json],
        ['a BOM', `\ufeff${example}`, json],
        ['binary', Buffer.from([0, 255, 254, 128]), json],
        ['a pickle', Buffer.from('\x80\x04cos\nsystem\n.', 'latin1'), 'application/x-pickle'],
        ['a numpy file', Buffer.from('\x93NUMPY'), 'application/x-npy'],
        ['XML', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'text/xml'],
        ['CSV', '1,2,3', 'text/csv'],
        ['a form', 'inputs=1', 'application/x-www-form-urlencoded'],
        ['plain text', example, 'text/plain'],
        ['no type', example, ''],
        ['a strange type', example, 'application/json; charset=utf-7'],
        ['a type of 4 KB', example, `a/${'b'.repeat(4000)}`],
        ['4.5 MB', 'x'.repeat(4_500_000), json],
        ['many rows', `{"inputs":[${Array(2000).fill('{}').join(',')}]}`, json],
      ];
      for (const [what, body, type] of bodies) {
        await survives(what, async () => {
          const headers = type === '' ? {} : { 'content-type': type };
          const { status, body: answer } = await send(endpoint.url, {
            path: pathname,
            headers,
            body,
          }).catch(
            // A body over the limit may be cut off while it is sent.
            (error: unknown) => ({
              status: /EPIPE|ECONNRESET/.test(String(error)) ? 413 : 599,
              body: '',
            }),
          );
          expect(status).toBeLessThan(500);
          expect(answer).not.toMatch(/NaN|Traceback|root:/);
        });
      }
      for (const [method, path, headers] of [
        ['GET', pathname, {}],
        ['PUT', pathname, {}],
        ['DELETE', pathname, {}],
        ['POST', '/', {}],
        ['POST', '/endpoints/nothing/invocations', {}],
        ['POST', '/endpoints/../../x/invocations', {}],
        ['POST', pathname, { host: 'evil.example' }],
        ['POST', pathname, { origin: 'https://evil.example', host: 'evil.example' }],
        ['OPTIONS', pathname, { origin: 'https://evil.example' }],
        ['TRACE', pathname, {}],
      ] as const) {
        await survives(`${method} ${path} ${JSON.stringify(headers)}`, async () => {
          expectRefused(
            await send(endpoint.url, {
              method,
              path,
              headers,
              ...(method === 'POST' ? { body: example } : {}),
            }),
          );
        });
      }
      await survives('the model still answers, and is still in production', async () => {
        expect((await client.predict('tumour', endpoint.example)).status).toBe(200);
        await waitForCard(client, /In production: v1/, 5);
      });
    },
    { seconds: 120 },
  );
}
