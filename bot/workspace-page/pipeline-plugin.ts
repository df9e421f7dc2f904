/** The local pipeline on the workspace page: datasets, interruptions, predictions. They are no part of Slack. */
import { join } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import {
  Hono,
  HttpError,
  optionalText,
  type PluginHost,
  readJson,
  text,
  type WorkspacePlugin,
} from '@mlops-bot/slack-simulator/plugin';
import type { PipelineControls } from './pipeline-controls.ts';
import { createPipelineWatch } from './pipeline-watch.ts';

/** A serverless endpoint may take a minute; so may a local one that still loads its model. */
const PREDICTION_LIMIT_MS = 60_000;

export function createPipelinePlugin(controls: PipelineControls): WorkspacePlugin {
  return {
    name: 'pipeline',
    pageModule: join(import.meta.dirname, 'page/plugin.ts'),
    start: (host) => startPipelinePlugin(controls, host),
  };
}

function startPipelinePlugin(controls: PipelineControls, host: PluginHost) {
  const watch = createPipelineWatch(controls, host);

  const routes = new Hono();
  routes.get('/state', async (context) => context.json(await watch.refresh()));
  routes.post('/datasets/:model', async (context) => {
    const model = context.req.param('model');
    if (!controls.models().some((each) => each.name === model)) {
      throw new HttpError(404, `There is no model "${model}".`);
    }
    const userId = host.person(context.req.query('user') ?? '').id;
    // As it was written: what is wrong with a name is the pipeline's to say.
    const fileName = context.req.query('name') ?? '';
    const body = chunksOf(context.req.raw.body);
    const dropping = controls.dropDataset({
      model,
      fileName,
      body,
      userId,
      ...choiceOf(context.req.query('as')),
    });
    const dropped = await orRefuse(dropping).catch(async (refusal: unknown) => {
      await readToEnd(context.req.raw.body);
      throw refusal;
    });
    watch.look();
    return context.json({ ok: true, ...dropped });
  });
  routes.post('/interrupt', async (context) => {
    const body = await readJson(context);
    const interrupted = await orRefuse(controls.interrupt(optionalText(body, 'job')));
    watch.look();
    return context.json({ ok: true, ...interrupted });
  });
  routes.post('/predict', async (context) => {
    const body = await readJson(context);
    return context.json(await predict(text(body, 'endpoint'), body.input));
  });

  async function predict(name: string, input: unknown) {
    const endpoint = (await controls.endpoints()).find((each) => each.name === name);
    if (!endpoint) throw new HttpError(404, `Nothing is served as "${name}".`);
    const started = performance.now();
    const answer = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(PREDICTION_LIMIT_MS),
    }).catch((error: unknown) => {
      throw new HttpError(502, `The endpoint ${name} did not answer: ${String(error)}`);
    });
    return {
      ok: answer.ok,
      status: answer.status,
      milliseconds: Math.round(performance.now() - started),
      answer: parseOrText(await answer.text()),
    };
  }

  return { routes, close: watch.close };
}

function choiceOf(typed: string | undefined): { newFile?: 'append' | 'replace' } {
  return typed === 'append' || typed === 'replace' ? { newFile: typed } : {};
}

type Body = Request['body'];

/** Not as a `Readable`: one that breaks off before it is read would end the process. */
async function* chunksOf(body: Body): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* (body as ReadableStream<Uint8Array>).values({ preventCancel: true });
}

/** A client that is still sending when the connection closes never sees why it was refused. */
async function readToEnd(body: Body): Promise<void> {
  await body?.pipeTo(new WritableStream()).catch(() => undefined);
}

/** What the pipeline refuses, it refuses in words meant for the person. */
async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new HttpError(422, error instanceof Error ? error.message : String(error));
  }
}

function parseOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
