/** The doors of the local pipeline: datasets, interruptions, predictions. They are no part of Slack. */
import {
  DoorError,
  type Exchange,
  optionalText,
  type Route,
  readJson,
  route,
  sendJson,
  text,
} from './http-exchange.ts';
import type { JobsWatch } from './jobs-watch.ts';
import type { Person, WorkspaceControls } from './types.ts';

/** A serverless endpoint may take a minute; so may a local one that still loads its model. */
const PREDICTION_LIMIT_MS = 60_000;

export function controlRoutes(options: {
  controls: Partial<WorkspaceControls>;
  jobs: JobsWatch;
  person: (id: string) => Person;
}): readonly Route[] {
  const { controls, jobs, person } = options;

  async function dropDataset({ request, response, url, params }: Exchange): Promise<void> {
    if (!controls.dropDataset) throw new DoorError(404, 'This workspace takes no datasets.');
    const model = String(params.model);
    if (!controls.models?.().some((each) => each.name === model)) {
      throw new DoorError(404, `There is no model "${model}".`);
    }
    const userId = person(url.searchParams.get('user') ?? '').id;
    // As it was written: what is wrong with a name is the pipeline's to say.
    const fileName = url.searchParams.get('name') ?? '';
    const drop = controls.dropDataset({ model, fileName, body: request, userId });
    sendJson(response, 200, { ok: true, ...(await orRefuse(drop)) });
    jobs.look();
  }

  async function interrupt({ request, response }: Exchange): Promise<void> {
    if (!controls.interrupt) throw new DoorError(404, 'Nothing can be interrupted here.');
    const body = await readJson(request);
    const result = await orRefuse(controls.interrupt(optionalText(body, 'job')));
    sendJson(response, 200, { ok: true, ...result });
    jobs.look();
  }

  async function predict({ request, response }: Exchange): Promise<void> {
    const body = await readJson(request);
    const name = text(body, 'endpoint');
    const endpoint = (await controls.endpoints?.())?.find((each) => each.name === name);
    if (!endpoint) throw new DoorError(404, `Nothing is served as "${name}".`);
    const started = performance.now();
    const answer = await fetch(endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body.input),
      signal: AbortSignal.timeout(PREDICTION_LIMIT_MS),
    }).catch((error: unknown) => {
      throw new DoorError(502, `The endpoint ${name} did not answer: ${String(error)}`);
    });
    sendJson(response, 200, {
      ok: answer.ok,
      status: answer.status,
      milliseconds: Math.round(performance.now() - started),
      answer: parseOrText(await answer.text()),
    });
  }

  return [
    route('GET', '/api/jobs', async ({ response }) => {
      sendJson(response, 200, await jobs.refresh());
    }),
    route('POST', '/api/datasets/:model', dropDataset),
    route('POST', '/api/interrupt', interrupt),
    route('POST', '/api/predict', predict),
  ];
}

/** What the pipeline refuses, it refuses in words meant for the person. */
async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new DoorError(422, error instanceof Error ? error.message : String(error));
  }
}

function parseOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
