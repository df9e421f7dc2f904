import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createWorkspace } from '@mlops-bot/slack-simulator';
import { Hono, type PluginHost } from '@mlops-bot/slack-simulator/plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalClient, type LocalClient } from '../../bot/workspace-page/local-client.ts';
import { textPath, withPath } from '../../bot/workspace-page/page/example-text.ts';
import type { PipelineControls } from '../../bot/workspace-page/pipeline-controls.ts';
import { createPipelinePlugin } from '../../bot/workspace-page/pipeline-plugin.ts';

const ADA = 'U0ADA';
const received: { name: string; bytes: number }[] = [];

const controls: PipelineControls = {
  models: () => [{ name: 'spam', title: 'Spam', accepts: '.csv', newFile: 'replace' }],
  async dropDataset({ fileName, body }) {
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    received.push({ name: fileName, bytes });
    if (bytes < 10) throw new Error('Row 1 has no label.');
    return { message: 'Run spam-1 started.' };
  },
  runningJobs: async () => [
    { name: 'spam-1-train-1', model: 'spam', runId: 'spam-1', step: 1, total: 9 },
  ],
  interrupt: async (name) => ({ message: `The machine of ${name} is being taken away.` }),
  endpoints: async () => [],
};

let stateFolder: string;
let workspace: Awaited<ReturnType<typeof createWorkspace>>;
let client: LocalClient;

beforeEach(async () => {
  received.length = 0;
  stateFolder = await mkdtemp(join(tmpdir(), 'workspace-'));
  workspace = await createWorkspace({
    port: 0,
    stateFolder,
    signingSecret: 'secret',
    botToken: 'xoxb-test',
    requestUrl: 'http://127.0.0.1:9/',
    manifest: { display_information: { name: 'mlops' } },
    people: [{ id: ADA, name: 'ada', realName: 'Ada Okafor' }],
    channels: [],
    plugins: [createPipelinePlugin(controls)],
  });
  client = createLocalClient({ url: workspace.url });
});

afterEach(async () => {
  client.close();
  await workspace.close();
  await rm(stateFolder, { recursive: true, force: true });
});

describe('the pipeline on the page', () => {
  it('streams a dataset under the name it has, and passes on why one is refused', async () => {
    const drop = (body: string, model = 'spam', user = ADA) =>
      client.dropDataset({ user, model, name: '../../etc/passwd\u202e.csv', body });

    const accepted = await drop('x'.repeat(5_000_000));

    expect(accepted.message).toBe('Run spam-1 started.');
    expect(received).toEqual([{ name: '../../etc/passwd\u202e.csv', bytes: 5_000_000 }]);
    await expect(drop('short')).rejects.toThrow('Row 1 has no label.');
    await expect(drop('x', 'nope')).rejects.toThrow('no model');
    await expect(drop('x', 'spam', 'U0NOBODY')).rejects.toThrow('U0NOBODY');
  });

  it('answers an upload that breaks off before the pipeline reads it', async () => {
    let breakOff = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        breakOff = () => controller.error(new Error('aborted'));
      },
    });
    const slow: PipelineControls = {
      ...controls,
      async dropDataset(dropped) {
        breakOff();
        // A stream that nothing listens to would end the process meanwhile.
        await setImmediate();
        return controls.dropDataset(dropped);
      },
    };
    const host: PluginHost = {
      person: (id) => ({ id, name: 'ada', realName: 'Ada Okafor' }),
      publish: () => {},
      onPresence: () => {},
      log: () => {},
    };
    const app = new Hono().onError((error, context) => context.text(error.message));
    app.route('/', createPipelinePlugin(slow).start(host).routes);

    const upload: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    const answer = await app.request('/datasets/spam?user=U0ADA&name=a.csv', upload);

    expect(await answer.text()).toBe('aborted');
    expect(received).toEqual([]);
  });

  it('shows running jobs and interrupts one', async () => {
    const { jobs } = await client.jobs();
    const answer = await client.interrupt(jobs[0]?.name);

    expect(answer.message).toContain('spam-1-train-1');
  });

  it('publishes what changed to open pages', async () => {
    const published = client.waitForEvent(
      (event): event is Extract<typeof event, { type: 'plugin' }> => event.type === 'plugin',
    );

    expect(await published).toMatchObject({
      plugin: 'pipeline',
      data: { jobs: [{ name: 'spam-1-train-1' }] },
    });
  });

  it('is behind the guard of the workspace', async () => {
    const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
    const answer = await fetch(`${workspace.url}/plugins/pipeline/interrupt`, {
      method: 'POST',
      headers,
      body: '{}',
    });

    expect(answer.status).toBe(403);
  });
});

describe('the try-out text', () => {
  it('is found where an example has exactly one string, and put back there', () => {
    const example = { inputs: ['hello'], limit: 3 };

    const path = textPath(example);

    expect(path).toEqual(['inputs', '0']);
    expect(withPath(example, path ?? [], 'bye')).toEqual({ inputs: ['bye'], limit: 3 });
    expect(textPath({ a: 'x', b: 'y' })).toBeNull();
  });
});
