// Everything that comes over HTTP or through the inbox, against one running app with a version in
// production. In order: what must not decide comes before the decision.
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceMessage } from '@mlops-bot/slack-simulator';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { actionIds } from '../../bot/blocks/action-ids.ts';
import type { LocalClient } from '../../bot/workspace-page/local-client.ts';
import { entriesUnder } from '../../pipeline/local/folders.ts';
import { MARK_VARIABLE, processMark } from '../../pipeline/local/process-mark.ts';
import { attack } from './attack.ts';
import {
  clientOf,
  dropTumour,
  endOf,
  newDataFolder,
  type RunningApp,
  startApp,
  waitForCard,
} from './running-app.ts';
import { type Answer, send, sendJson } from './send.ts';

/** Secrets of the environment the app is started in, none of which may turn up anywhere. */
const canaries: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIACANARY0000000001',
  AWS_SECRET_ACCESS_KEY: 'canary-aws-secret-2',
  AWS_SESSION_TOKEN: 'canary-aws-session-3',
  GITHUB_TOKEN: 'ghp_canary00000000000004',
  HF_TOKEN: 'hf_canary00000000000005',
  OPENAI_API_KEY: 'sk-canary0000000000006',
  DATABASE_URL: 'postgres://canary:canary-pass-7@db/x',
  SLACK_SIGNING_SECRET: 'canary-signing-8',
  NPM_TOKEN: 'npm_canary-9',
  MY_PASSWORD: 'canary-password-10',
  PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----canary-11-----END PRIVATE KEY-----',
};

const cleanUps: (() => void)[] = [];
const atEnd = (work: () => void) => void cleanUps.unshift(work);
let data: string;
let app: RunningApp;
let url: string;
let client: LocalClient;
let waiting: WorkspaceMessage;
/** Environments of the scripts that ran, as the kernel shows them. */
const environments = new Set<string>();

beforeAll(async () => {
  data = newDataFolder(atEnd);
  await dropTumour(data);
  app = startApp(data, { cleanup: atEnd, environment: canaries });
  url = await app.ready;
  client = await clientOf(app, atEnd);
  const watch = setInterval(collectEnvironments, 100);
  atEnd(() => clearInterval(watch));
  waiting = await waitForCard(client, new RegExp(actionIds.approve));
}, 120_000);

afterAll(() => {
  for (const work of cleanUps) work();
});

/** What every Python process of this app was started with. */
function collectEnvironments(): void {
  const mark = `${MARK_VARIABLE}=${processMark(join(data, 'work'), '')}`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const text = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (text.includes(mark)) environments.add(text);
    } catch {
      // It has ended.
    }
  }
}

function expectRefused({ status, body }: Answer): void {
  expect({ status, body }).toMatchObject({
    status: expect.toSatisfy((it) => it >= 400 && it < 500),
  });
}

async function expectUndecided(): Promise<void> {
  const all = await client.messages('C0MLOPS');
  const card = all.find(({ ts }) => ts === waiting.ts);
  expect(JSON.stringify(card?.blocks)).toContain(actionIds.approve);
}

const block = (): string => {
  const found = waiting.blocks.find((each) => JSON.stringify(each).includes(actionIds.approve));
  return String(found?.block_id);
};

describe('one running app', () => {
  attack('forged clicks and views through the page', 'decide nothing', async (survives) => {
    const click = {
      channel: waiting.channel,
      ts: waiting.ts,
      block_id: block(),
      action_id: actionIds.approve,
    };
    const forged: readonly (readonly [string, string, unknown])[] = [
      ['by Kit, who may nothing', '/api/actions', { ...click, user: 'U0KIT' }],
      ['without a user', '/api/actions', click],
      ['by an unknown user', '/api/actions', { ...click, user: 'U0NONE' }],
      ['by the bot', '/api/actions', { ...click, user: 'U0MLOPS' }],
      ['by an object', '/api/actions', { ...click, user: { id: 'U0GRACE' } }],
      ['on another message', '/api/actions', { ...click, user: 'U0GRACE', ts: '1.000001' }],
      ['in another channel', '/api/actions', { ...click, user: 'U0GRACE', channel: 'C0NONE' }],
      ['of another block', '/api/actions', { ...click, user: 'U0GRACE', block_id: 'forged' }],
      ['of another action', '/api/actions', { ...click, user: 'U0GRACE', action_id: 'run.deploy' }],
      [
        'on no message',
        '/api/actions',
        { user: 'U0GRACE', block_id: 'x', action_id: actionIds.approve },
      ],
      ['with a list as body', '/api/actions', [click]],
      [
        'with a forged value by Kit',
        '/api/actions',
        { ...click, user: 'U0KIT', value: 'tumour-1' },
      ],
      ['of a form that is not open', '/api/views/V0NONE/submit', { user: 'U0GRACE', values: {} }],
      ['of a form with odd values', '/api/views/V0NONE/submit', { user: 'U0GRACE', values: 'x' }],
      ['closing a form that is not open', '/api/views/V0NONE/close', { user: 'U0GRACE' }],
      ['of a shortcut there is not', '/api/shortcuts', { user: 'U0GRACE', callback_id: 'none' }],
      [
        'of a command without a user',
        '/api/commands',
        { text: '/mlops approve tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a command by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops approve tumour', channel: 'C0MLOPS' },
      ],
      [
        'of another command',
        '/api/commands',
        { user: 'U0ADA', text: '/deploy tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a rollback by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops rollback tumour', channel: 'C0MLOPS' },
      ],
      [
        'of a promotion by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops promote tumour 1', channel: 'C0MLOPS' },
      ],
      [
        'of a retrain by Kit',
        '/api/commands',
        { user: 'U0KIT', text: '/mlops retrain tumour', channel: 'C0MLOPS' },
      ],
    ];
    for (const [what, path, body] of forged) {
      await survives(what, async () => {
        const answer = await sendJson(url, path, body);
        expect(answer.status).toBeLessThan(500);
        await delay(20);
        await expectUndecided();
      });
    }
  });

  attack('page Host, Origin, CSRF, traversal', 'is answered with 4xx', async (survives) => {
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

  attack('uploads: names, aborted, over the limit', 'leave nothing behind', async (survives) => {
    const dropPath = (name: string, model = 'tumour', user = 'U0ADA') =>
      `/plugins/pipeline/datasets/${model}?${new URLSearchParams({ name, user })}`;
    const names = [
      '../../evil.csv',
      '..\\evil.csv',
      '/etc/evil.csv',
      'C:\\evil.csv',
      'a/b.csv',
      '.csv',
      '.hidden.csv',
      '',
      ' ',
      'evil',
      'evil.exe',
      'evil.csv.exe',
      'evil.csv/',
      'line\nbreak.csv',
      'nul\u0000.csv',
      'bidi\u202e.csv',
      `${'x'.repeat(300)}.csv`,
      `${'ü'.repeat(200)}.csv`,
      '\u0007bell.csv',
      '~/evil.csv;',
    ];
    const before = (await entriesUnder(join(data, 'artifacts'))).length;
    for (const name of names) {
      await survives(`the name ${JSON.stringify(name).slice(0, 30)}`, async () => {
        expectRefused(await send(url, { path: dropPath(name), body: 'a,b\n1,2\n' }));
      });
    }
    for (const [model, user] of [
      ['nothing', 'U0ADA'],
      ['..', 'U0ADA'],
      ['tumour', 'U0KIT'],
      ['tumour', ''],
      ['tumour', 'U0NONE'],
    ] as const) {
      await survives(`the model ${model} by ${user || 'no user'}`, async () => {
        expectRefused(
          await send(url, { path: dropPath('a.csv', model, user), body: 'a,b\n1,2\n' }),
        );
      });
    }
    for (const bytes of [0, 1, 65_536]) {
      await survives(`broken off after ${bytes} bytes`, async () => {
        const { hostname, port } = new URL(url);
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.write(
          `POST ${dropPath('aborted.csv')} HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(bytes)}`,
        );
        await delay(100);
        socket.destroy();
        await delay(100);
        expect((await client.jobs()).models).toHaveLength(2);
      });
    }
    await survives('nothing of them is kept', async () => {
      await delay(300);
      expect((await entriesUnder(join(data, 'artifacts'))).length).toBe(before);
    });
    await survives('1.1 GiB through the inbox, sparse', async () => {
      const file = join(data, 'inbox', 'tumour', 'huge.csv');
      writeFileSync(file, '');
      truncateSync(file, 1100 * 1024 ** 2);
      await waitForCard(client, /huge\.csv[^"]*/);
      rmSync(file);
    });
  });

  attack(
    'slow clients',
    '800 half-open connections leave page and app responsive',
    async (survives) => {
      const { hostname, port } = new URL(url);
      const sockets: Socket[] = [];
      for (let index = 0; index < 800; index += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.write('POST /api/messages HTTP/1.1\r\nhost: ');
        sockets.push(socket);
      }
      await delay(300);
      await survives('the page answers within 5 s', async () => {
        const startedAt = performance.now();
        expect((await client.jobs()).models).toHaveLength(2);
        expect(performance.now() - startedAt).toBeLessThan(5000);
      });
      for (const socket of sockets) socket.destroy();
      await survives('the page answers afterwards', async () => {
        expect((await client.jobs()).models).toHaveLength(2);
      });
    },
  );

  attack(
    'inbox: links, FIFO, odd names',
    'is refused with a message, or ignored',
    async (survives) => {
      const inbox = join(data, 'inbox', 'tumour');
      const outside = join(data, 'cli.json');
      const odd: readonly (readonly [string, () => void])[] = [
        ['a link to a secret', () => symlinkSync(outside, join(inbox, 'link.csv'))],
        ['a dangling link', () => symlinkSync('/nowhere', join(inbox, 'dangling.csv'))],
        ['a link to itself', () => symlinkSync('loop.csv', join(inbox, 'loop.csv'))],
        ['a link to a folder', () => symlinkSync('/etc', join(inbox, 'etc.csv'))],
        ['a FIFO', () => execFileSync('mkfifo', [join(inbox, 'fifo.csv')])],
        ['a folder', () => mkdirSync(join(inbox, 'folder.csv'))],
        [
          'a deep file',
          () => {
            mkdirSync(join(inbox, 'deep'));
            writeFileSync(join(inbox, 'deep', 'a.csv'), 'x');
          },
        ],
        ['an empty file', () => writeFileSync(join(inbox, 'empty.csv'), '')],
        ['a program', () => writeFileSync(join(inbox, 'a.exe'), 'x')],
        ['a hidden file', () => writeFileSync(join(inbox, '.hidden.csv'), 'x')],
        ['a line break', () => writeFileSync(join(inbox, 'line\nbreak.csv'), 'x')],
        ['a bidi name', () => writeFileSync(join(inbox, 'a\u202evsc.csv'), 'x')],
        [
          'invalid UTF-8',
          () =>
            writeFileSync(
              Buffer.concat([
                Buffer.from(`${inbox}/od`),
                Buffer.from([0xff]),
                Buffer.from('d.csv'),
              ]),
              'x',
            ),
        ],
        ['no model', () => writeFileSync(join(data, 'inbox', 'loose.csv'), 'x')],
        [
          'another model',
          () => {
            mkdirSync(join(data, 'inbox', 'other'));
            writeFileSync(join(data, 'inbox', 'other', 'a.csv'), 'x');
          },
        ],
        ['markup as a name', () => writeFileSync(join(inbox, '<!channel> *x* <script>.exe'), 'x')],
      ];
      const before = await rootCards();
      for (const [what, make] of odd) {
        await survives(what, async () => {
          make();
          await delay(50);
          expect((await client.jobs()).models).toHaveLength(2);
        });
      }
      await delay(1500);
      await survives('no run starts from any of them', async () => {
        expect(await rootCards()).toBe(before);
        const texts = (await client.messages('C0MLOPS')).map(({ text }) => text);
        expect(texts.join('\n')).not.toContain('<!channel>');
      });
    },
  );

  attack('XSS in Chromium', 'runs no script', async (survives) => {
    let browser: Browser | null = null;
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const ran: string[] = [];
      await page.exposeFunction('canary', (text: string) => void ran.push(text));
      page.on('dialog', (dialog) => {
        ran.push(dialog.message());
        void dialog.dismiss();
      });
      const payloads = [
        '<script>canary(1)</script>',
        '<img src=x onerror=canary(1)>',
        '<svg/onload=canary(1)>',
        '"><img src=x onerror=canary(1)>',
        '<a href="javascript:canary(1)">x</a>',
        '<javascript:canary(1)|click>',
        '<https://x.example/"onmouseover="canary(1)|x>',
        '`<script>canary(1)</script>`',
        '```<img src=x onerror=canary(1)>```',
        '<iframe srcdoc="<script>parent.canary(1)</script>">',
        '<math><mtext></table><img src=x onerror=canary(1)>',
        '<details open ontoggle=canary(1)>',
        '<style>@import "javascript:canary(1)"</style>',
        '<meta http-equiv=refresh content="0;url=javascript:canary(1)">',
        '<base href="javascript:canary(1)//">',
        '<form action="javascript:canary(1)"><button>x</button></form>',
        '*<b onmouseover=canary(1)>x</b>*',
        '&lt;script&gt;canary(1)&lt;/script&gt;',
        '\u003cscript\u003ecanary(1)\u003c/script\u003e',
        '<!--><script>canary(1)</script>-->',
      ];
      for (const text of payloads) {
        await sendJson(url, '/api/messages', { user: 'U0ADA', channel: 'C0MLOPS', text });
      }
      await page.goto(`${url}/?as=grace&channel=ml-ops`);
      await page.getByText('canary').first().waitFor();
      await delay(300);
      for (const text of payloads) {
        await survives(text, async () => {
          expect(ran).toEqual([]);
          expect(
            await page
              .locator(
                'script:not([src]), iframe, [onerror], [onload], [ontoggle], [href^="javascript"]',
              )
              .count(),
          ).toBe(0);
        });
      }
    } finally {
      await browser.close();
    }
  });

  attack(
    'endpoint bodies and types',
    'are answered with 200 or 4xx, never 5xx',
    async (survives) => {
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

  attack('secrets', 'of the environment turn up nowhere', async (survives) => {
    const messages = JSON.stringify(await client.messages('C0MLOPS'));
    app.signal('SIGTERM');
    expect(await endOf(app, 30)).toBe(0);
    // The odd names of the inbox hold nothing of the app.
    rmSync(join(data, 'inbox'), { recursive: true });
    const files = await entriesUnder(data);
    const texts = files
      .filter(({ isFile }) => isFile)
      .map(({ path }) => [path, readFileSync(join(data, path), 'latin1')] as const);
    for (const [name, secret] of Object.entries(canaries)) {
      await survives(name, () => {
        expect(environments.size).toBeGreaterThan(0);
        expect(
          [...environments].filter((each) => each.includes(secret) || each.includes(`${name}=`)),
        ).toEqual([]);
        expect(texts.filter(([, text]) => text.includes(secret)).map(([path]) => path)).toEqual([]);
        expect(app.output()).not.toContain(secret);
        expect(messages).not.toContain(secret);
      });
    }
    await survives('the log says nothing unexpected', () => {
      expect(app.output()).not.toMatch(/unexpected error|\n\s+at /);
    });
  });
});

async function rootCards(): Promise<number> {
  const all = await client.messages('C0MLOPS');
  return all.filter(({ blocks }) => JSON.stringify(blocks).includes('tumour-')).length;
}
