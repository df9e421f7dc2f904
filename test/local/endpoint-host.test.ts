import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { create } from 'tar';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Database, openDatabase } from '../../pipeline/local/database.ts';
import { createEndpointStore } from '../../pipeline/local/endpoint-host/endpoint-store.ts';
import { makeTemporaryFolder } from '../../pipeline/local/leftovers.ts';
import { processMark } from '../../pipeline/local/process-mark.ts';
import { isRunning } from '../../pipeline/local/processes.ts';
import { startPython } from '../../pipeline/local/python-process.ts';
import { endpointName } from '../contract/endpoint-host.contract.ts';
import { aConfig, type HostOptions, makeEndpointHost } from './endpoint-host-harness.ts';
import { python, trainingFolder } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

type Harness = Awaited<ReturnType<typeof makeEndpointHost>>;

async function makeLiveHost(options: HostOptions = {}): Promise<Harness & { url: string }> {
  const harness = await makeEndpointHost(options);
  await harness.host.deploy(await harness.config(1));
  const { url } = await harness.isServing(1);
  return { ...harness, url };
}

const post = (url: string, body: string) => fetch(url, { method: 'POST', body });
const textOf = async (response: Promise<Response>) => {
  const { status } = await response;
  return { status, document: await (await response).json() };
};

/** fetch sets Host by itself, and this needs others. */
function postTo(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end('x');
  });
}

describe('createLocalEndpointHost', () => {
  it('answers with the old version until the new one has loaded', async () => {
    const { host, config, isServing, folder, url } = await makeLiveHost();
    const gate = join(folder, 'gate');

    await host.deploy(await config(2, { gate }));
    const meanwhile = await host.describe(endpointName);
    const answeredMeanwhile = await textOf(post(url, 'x'));
    writeFileSync(gate, '');
    await isServing(2);
    const answeredAfterwards = await textOf(post(url, 'x'));

    expect(meanwhile).toMatchObject({
      status: 'Updating',
      configName: aConfig(1, '').configName,
      startSeconds: null,
    });
    expect(answeredMeanwhile.document.answer).toBe(1);
    expect(answeredAfterwards.document.answer).toBe(2);
  });

  it('lets the old version finish the requests it has begun', async () => {
    const { host, config, isServing, folder, url } = await makeLiveHost();
    const file = join(folder, 'go-on');
    await (await post(url, 'x')).text();

    const begun = textOf(post(url, `wait:${file}`));
    await host.deploy(await config(2));
    await isServing(2);
    writeFileSync(file, '');

    expect((await begun).document.answer).toBe(1);
    expect((await host.describe(endpointName))?.invocations).toBe(0);
  });

  it('counts requests and server errors of the live configuration', async () => {
    const { host, config, isServing, url } = await makeLiveHost();
    for (const body of ['x', 'fail', 'bad', 'x']) await (await post(url, body)).text();
    const counted = await host.describe(endpointName);

    await host.deploy(await config(2));
    const fresh = await isServing(2);

    expect(counted).toMatchObject({ invocations: 4, serverErrors: 1 });
    expect(counted?.p95Milliseconds).toBeGreaterThan(0);
    expect(fresh).toMatchObject({ invocations: 0, serverErrors: 0, p95Milliseconds: null });
  });

  it('names the variant and the version in the answer', async () => {
    const { url } = await makeLiveHost();

    const { headers } = await post(url, 'x');

    expect(headers.get('x-amzn-invoked-production-variant')).toBe('AllTraffic');
    expect(headers.get('x-mlops-model-version')).toBe('1');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('starts a crashed model again while the next request waits', async () => {
    const { host, isServing, url } = await makeLiveHost();

    const crashed = await textOf(post(url, 'crash'));
    const answered = await textOf(post(url, 'x'));

    expect(crashed).toEqual({
      status: 502,
      document: { code: 'ModelError', error: 'The model server broke off the connection.' },
    });
    expect(answered.document.answer).toBe(1);
    expect(await isServing(1)).toMatchObject({ invocations: 2, serverErrors: 1 });
    expect((await host.describe(endpointName))?.failureReason).toBeNull();
  });

  it('gives up a model that crashes again and again, until it is deployed anew', async () => {
    const { host, until, isServing, url } = await makeLiveHost();
    for (let crash = 1; crash <= 3; crash += 1) await (await post(url, 'crash')).text();
    const failed = await until(({ status }) => status === 'Failed');
    const refused = await textOf(post(url, 'x'));

    await host.deploy(aConfig(1, 'models/v1/model.tar.gz'));
    await isServing(1);
    const answered = await textOf(post(url, 'x'));

    expect(failed.failureReason).toBe('The model server ended with exit code 9.');
    expect(failed.configName).toBe(aConfig(1, '').configName);
    expect(refused.status).toBe(503);
    expect(answered.document.answer).toBe(1);
  });

  it('names the exception of a model that raises while it is loaded', async () => {
    const { host, config, until } = await makeEndpointHost();

    await host.deploy(await config(1, { loads: 'raises' }));
    const failed = await until(({ status }) => status === 'Failed');

    expect(failed.failureReason).toBe(
      'The model server ended with exit code 1. It said: ValueError: the weights are of another shape',
    );
  });

  it('passes on what the model says of a bad request', async () => {
    const { host, url } = await makeLiveHost();

    const invoked = host.invoke(endpointName, 'bad', 'text/plain');

    await expect(invoked).rejects.toMatchObject({
      code: 'VERIFICATION_FAILED',
      message: 'The endpoint answered 400: Send a list of texts.',
      retryable: false,
    });
    expect((await textOf(post(url, 'bad'))).document.error).toBe('Send a list of texts.');
  });

  it.each([
    ['POST', '/endpoints/nothing/invocations', 404, 'There is no endpoint “nothing”.'],
    ['POST', '/endpoints/spam/../../etc', 404, 'Post to /endpoints/<name>/invocations.'],
    ['GET', '/endpoints/spam/invocations', 405, 'Use POST.'],
    ['POST', '/endpoints/spam/ping', 405, 'Use GET.'],
  ])('answers %s %s with %i', async (method, path, status, error) => {
    const { url } = await makeLiveHost();

    const answer = await textOf(fetch(new URL(path, url), { method }));

    expect(answer).toMatchObject({ status, document: { error } });
  });

  it.each([
    ['localhost', 200],
    ['LOCALHOST:80', 200],
    ['[::1]:4000', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost:80@evil.example', 400],
  ])('answers a request to the host %s with %i', async (hostHeader, expected) => {
    const { host, url } = await makeLiveHost();

    const status = await postTo(url, { host: hostHeader });

    expect(status).toBe(expected);
    expect((await host.describe(endpointName))?.invocations).toBe(expected === 200 ? 1 : 0);
  });

  it('says nothing of a client that goes away while it sends', async () => {
    const { url, entries } = await makeLiveHost();
    const sent = request(url, { method: 'POST', headers: { 'content-length': '10' } });
    sent.on('error', () => {});

    await new Promise<void>((resolve) => sent.write('x', () => resolve()));
    sent.destroy();
    await textOf(post(url, 'x'));

    expect(entries).toEqual([]);
  });

  it.each([
    ['of other letters', 'text/é'],
    ['of many letters', 'x'.repeat(8000)],
  ])('blames no model for a content type %s', async (_, type) => {
    const { host, url } = await makeLiveHost();

    await postTo(url, { 'content-type': type });

    expect((await host.describe(endpointName))?.serverErrors).toBe(0);
  });

  it('answers the health check of a live endpoint', async () => {
    const { url } = await makeLiveHost();

    const { status } = await fetch(url.replace('invocations', 'ping'));

    expect(status).toBe(200);
  });

  it.each([
    ['with its length', (body: string) => body],
    ['in chunks', (body: string) => new Blob([body]).stream()],
  ])('refuses a body over 4 MB sent %s', async (_, send) => {
    const { host, url } = await makeLiveHost();
    const body = 'x'.repeat(4 * 1024 ** 2 + 1);

    const init = { method: 'POST', body: send(body), duplex: 'half' };
    const answer = await textOf(fetch(url, init as RequestInit));

    expect(answer).toMatchObject({
      status: 413,
      document: { error: 'A request has at most 4 MB.' },
    });
    expect((await host.describe(endpointName))?.invocations).toBe(0);
    expect((await textOf(post(url, body.slice(1)))).document.bytes).toBe(4 * 1024 ** 2);
  });

  it('adds up what the servers of a configuration were asked, until a look has read it', async () => {
    const { host, url } = await makeLiveHost();
    const configName = aConfig(1, '').configName;
    const query = { endpointName, configName, since: null };
    for (let request = 0; request < 3; request += 1) await (await post(url, 'count')).text();

    const asked = await vi.waitFor(async () => {
      const counts = await host.inputCounts(query);
      expect(counts.inputs).toBe(3);
      return counts;
    });
    const later = await host.inputCounts({ ...query, since: '2999-01-01T00:00:00.000Z' });

    expect(asked).toEqual({ inputs: 3, counts: { words: [3, 0] } });
    expect(later).toEqual({ inputs: 0, counts: {} });
    expect(await host.inputCounts({ ...query, configName: 'spam-v9-bbbbbbbb' })).toEqual(later);
  });

  it('gives up a request that takes too long', async () => {
    const { host, url } = await makeLiveHost({ timeoutSeconds: 0.1 });

    const answer = await textOf(post(url, 'hang'));

    expect(answer).toEqual({
      status: 504,
      document: { code: 'ModelError', error: 'No answer within 0.1 seconds.' },
    });
    expect((await host.describe(endpointName))?.serverErrors).toBe(1);
  });

  it('refuses more open requests than the configuration allows', async () => {
    const { host, folder, url } = await makeLiveHost();
    const file = join(folder, 'go-on');
    const begun = [post(url, `wait:${file}`), post(url, `wait:${file}`)];

    let refused = 200;
    while (refused !== 429) refused = (await post(url, 'x')).status;
    const invoked = host.invoke(endpointName, 'x', 'text/plain');
    await expect(invoked).rejects.toMatchObject({ retryable: true });
    writeFileSync(file, '');

    expect((await Promise.all(begun)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('gives the model server nothing secret', async () => {
    const environment = { PATH: process.env.PATH ?? '', SLACK_BOT_TOKEN: 'x', AWS_PROFILE: 'x' };
    const { url } = await makeLiveHost({ environment });

    expect((await textOf(post(url, 'x'))).document.secrets).toEqual([]);
  });

  it('says which version a change is waiting for', async () => {
    const { host, config, folder, isServing } = await makeLiveHost();
    const gate = join(folder, 'gate');
    await host.deploy(await config(2, { gate }));

    const deployed = host.deploy(await config(3));

    await expect(deployed).rejects.toMatchObject({ code: 'CONFLICT', retryable: true });
    writeFileSync(gate, '');
    await isServing(2);
  });

  it('does not serve a model that fails its health check', async () => {
    const { host, config, until } = await makeEndpointHost();

    await host.deploy(await config(1, { loads: 'unhealthy' }));
    const failed = await until(({ status }) => status === 'Failed');

    expect(failed.failureReason).toBe('The model server does not answer its health check.');
  });

  it('brings the live version back at the same address after a restart', async () => {
    const folder = temporaryFolder();
    const before = await makeLiveHost({ folder });
    await (await post(before.url, 'fail')).text();
    await before.host.close();

    const after = await makeEndpointHost({ folder });
    await after.host.recover();
    const loading = await after.host.describe(endpointName);
    const answered = await textOf(post(before.url, 'x'));
    const live = await after.isServing(1);

    expect(loading).toMatchObject({ status: 'Updating', configName: aConfig(1, '').configName });
    expect(live).toMatchObject({ url: before.url, startSeconds: expect.any(Number) });
    expect(live).toMatchObject({ invocations: 2, serverErrors: 1 });
    expect(answered.document.answer).toBe(1);
  });

  it('goes on after a restart with a change that had begun', async () => {
    const folder = temporaryFolder();
    const gate = join(folder, 'gate');
    const before = await makeLiveHost({ folder });
    await before.host.deploy(await before.config(2, { gate }));
    await before.host.close();

    const after = await makeEndpointHost({ folder });
    await after.host.recover();
    writeFileSync(gate, '');
    const live = await after.isServing(2);

    expect(live.failureReason).toBeNull();
  });

  it('ends the model servers of an earlier process', async () => {
    const { host, database, folder } = await makeEndpointHost();
    writeFileSync(join(folder, 'behaviour.json'), '{"loads":"well","lingers":true,"answer":1}');
    const orphan = startPython({
      python,
      script: join(trainingFolder, 'serve.py'),
      args: ['--model-dir', folder, '--port', '0', '--host', '127.0.0.1'],
      folder,
      mark: processMark(join(folder, 'work'), 'serve'),
      inherited: { PATH: process.env.PATH },
      onStdout: () => {},
      onStderr: () => {},
    });
    if (orphan.identity === null) throw new Error('The orphan did not start.');
    createEndpointStore({ database }).addProcess(orphan.identity);

    await host.recover();

    expect(isRunning(orphan.identity)).toBe(false);
    expect(createEndpointStore({ database }).processes()).toEqual([]);
  });

  it('removes what a killed pipeline was extracting, and its temporary files', async () => {
    const { host, folder } = await makeEndpointHost();
    const models = join(folder, 'work/endpoints/models');
    mkdirSync(join(models, '.incoming-half'), { recursive: true });
    const temporary = makeTemporaryFolder(processMark(join(folder, 'work'), 'serve'));

    await host.recover();

    expect(readdirSync(models)).toEqual([]);
    expect(existsSync(temporary)).toBe(false);
  });

  it('never ends the model servers of a folder of which its own is a copy', async () => {
    const original = await makeLiveHost();
    const processes = createEndpointStore(original).processes();
    const folder = temporaryFolder();
    cpSync(original.folder, folder, { recursive: true });

    const copy = await makeEndpointHost({ folder });
    await copy.host.recover();
    await copy.isServing(1);

    expect(processes.map(isRunning)).toEqual([true]);
  });

  it('takes the next port when the wished one is taken, and keeps it', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as AddressInfo;
    const folder = temporaryFolder();

    const first = await makeLiveHost({ folder, port });
    await first.host.close();
    await new Promise((resolve) => taken.close(resolve));
    const second = await makeEndpointHost({ folder, port });

    expect(new URL(first.url).port).not.toBe(`${port}`);
    expect((await second.host.describe(endpointName))?.url).toBe(first.url);
  });

  it('forgets the files of pruned configurations', async () => {
    const { host, config, isServing, folder } = await makeLiveHost();
    for (const version of [2, 3]) {
      await host.deploy(await config(version));
      await isServing(version);
    }
    const models = join(folder, 'work/endpoints/models');
    const before = readdirSync(models).length;

    await host.prune(endpointName, 2);

    expect([before, readdirSync(models).length]).toEqual([3, 2]);
  });
});

describe('the model archive', () => {
  async function deployArchive(
    fill: (source: string) => readonly string[],
  ): Promise<string | null> {
    const { host, until, folder, artifacts } = await makeEndpointHost();
    const source = join(folder, 'archive/source');
    mkdirSync(source, { recursive: true });
    writeFileSync(join(folder, 'archive/outside'), 'secret');
    writeFileSync(join(source, 'behaviour.json'), '{"loads":"well","answer":1}');
    const names = fill(source);
    const archive = create({ cwd: source, gzip: true, preservePaths: true }, [...names]);
    await artifacts.putStream('model.tar.gz', archive);
    await host.deploy(aConfig(1, 'model.tar.gz'));
    return (await until(({ status }) => status === 'Failed')).failureReason;
  }

  it('is refused with a symbolic link', async () => {
    const reason = await deployArchive((source) => {
      symlinkSync('/etc/passwd', join(source, 'link'));
      return ['behaviour.json', 'link'];
    });

    expect(reason).toBe('The model archive contains “link”, which is not a plain file.');
  });

  it('is refused with a path that leads out', async () => {
    const reason = await deployArchive(() => ['behaviour.json', '../outside']);

    expect(reason).toBe('The model archive contains “../outside”, which is not a plain file.');
  });

  it('is refused with an absolute path', async () => {
    const reason = await deployArchive((source) => [join(source, 'behaviour.json')]);

    expect(reason).toBe('The model archive could not be opened.');
  });

  it('is refused when it is missing or no archive', async () => {
    const { host, until, artifacts } = await makeEndpointHost();
    await artifacts.put('text.tar.gz', 'not an archive');

    await host.deploy(aConfig(1, 'nothing.tar.gz'));
    const missing = await until(({ status }) => status === 'Failed');
    await host.deploy(aConfig(2, 'text.tar.gz'));
    const odd = await until((each) => each.status === 'Failed' && each !== missing);

    expect(missing.failureReason).toBe('The model archive no longer exists.');
    expect(odd.failureReason).toBe('The model archive could not be opened.');
  });

  it('is refused when it changed since it was deployed', async () => {
    const folder = temporaryFolder();
    const before = await makeLiveHost({ folder });
    await before.host.close();
    await before.config(1, { gate: join(folder, 'other') });

    const after = await makeEndpointHost({ folder });
    await after.host.recover();
    const failed = await after.until(({ status }) => status === 'Failed');

    expect(failed.failureReason).toBe('The model archive has changed since it was first deployed.');
  });
});

describe('an endpoint host on a full disk', () => {
  /** A database in which the records of endpoints cannot be written while `isFull`. */
  function makeFullDatabase() {
    const disk = { isFull: false };
    const folder = temporaryFolder();
    const database = openDatabase(join(folder, 'mlops.db'));
    const full: Database = {
      ...database,
      prepare(sql) {
        const statement = database.prepare(sql);
        const run = (...values: readonly unknown[]) => {
          if (disk.isFull && sql.includes('INTO endpoints ')) throw new Error('SQLITE_FULL');
          return statement.run(...values);
        };
        return { ...statement, run };
      },
    };
    return { disk, folder, database: full };
  }

  it('answers and counts on, and stores the counts later', async () => {
    const { disk, ...storage } = makeFullDatabase();
    const { host, url, entries } = await makeLiveHost(storage);

    disk.isFull = true;
    const statuses = [(await post(url, 'x')).status, (await post(url, 'x')).status];
    await host.close();
    disk.isFull = false;

    expect(statuses).toEqual([200, 200]);
    expect((await host.describe(endpointName))?.invocations).toBe(2);
    expect(entries.map(({ message }) => message)).toEqual([
      'The counts of the endpoints could not be stored.',
    ]);
  });

  it('serves what is recorded, and records a failed change once it can', async () => {
    const { disk, ...storage } = makeFullDatabase();
    const gate = join(storage.folder, 'gate');
    const logged: string[] = [];
    const { host, config, until, url } = await makeLiveHost({
      ...storage,
      recordRetrySeconds: 0,
      log({ message }) {
        logged.push(message);
        if (message === 'The end of a change could not be recorded.') disk.isFull = false;
      },
    });
    await host.deploy(await config(2, { gate }));

    disk.isFull = true;
    writeFileSync(gate, '');
    const after = await until(({ status }) => status === 'InService');

    expect(after).toMatchObject({
      configName: 'spam-v1-aaaaaaaa',
      failureReason: 'Something unexpected stopped the change.',
    });
    expect((await textOf(post(url, 'x'))).document.answer).toBe(1);
    expect(logged).toEqual([
      'An endpoint could not be changed.',
      'The end of a change could not be recorded.',
    ]);
  });
});
