import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MlopsError } from '../../core/errors.ts';
import type { Clock, EndpointDescription, EndpointHost } from '../../core/ports.ts';
import type { Database } from '../database.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import type { Log } from '../log.ts';
import { processMark } from '../process-mark.ts';
import type { Environment } from '../python-process.ts';
import { clearEarlierServers } from './clear-earlier-servers.ts';
import { createCounters } from './counters.ts';
import { createEndpointChanges, DRAIN_SECONDS } from './endpoint-changes.ts';
import { createEndpointStore, type EndpointRecord } from './endpoint-store.ts';
import { createGateway } from './gateway.ts';
import { createInputLog } from './input-log.ts';
import { invokeEndpoint } from './invoke-endpoint.ts';
import { createLatencies } from './latencies.ts';
import { listen } from './listen.ts';
import { createServedModel, type ServedModel } from './served-model.ts';
import { startConfigured } from './start-configured.ts';

export interface LocalEndpointHostOptions {
  readonly database: Database;
  readonly artifacts: FolderArtifactStore;
  readonly workFolder: string;
  readonly python: string;
  readonly trainingFolder: string;
  /** Environment of the pipeline; an allow-list of it reaches the model servers. */
  readonly environment: Environment;
  /** Where to listen; a nearby port when it is taken, and from then on always that one. */
  readonly port: number;
  readonly clock: Clock;
  /** Called with the name of an endpoint whenever its description changes, except for its counters. */
  readonly onChange: (endpointName: string) => void;
  readonly onTraffic?: () => void;
  readonly log: Log;
  /** Seconds before each further start of a crashed model server. */
  readonly restartDelays?: readonly number[];
  /** Seconds an invocation may take (default: SageMaker's 60). */
  readonly timeoutSeconds?: number;
  /** Seconds before the end of a failed change is recorded again, when the disk refused it. */
  readonly recordRetrySeconds?: number;
}

export interface LocalEndpointHost extends EndpointHost {
  /** Restores what was live and continues changes; resolves before the models are loaded. */
  recover(): Promise<void>;
  /** Ends all model servers and stops listening. */
  close(): Promise<void>;
}

const DEFAULT_RESTART_DELAYS = [0.5, 2, 5, 15, 30] as const;
const RECORD_RETRY_SECONDS = 5;
/** How long open requests may delay the end of the whole host. */
const CLOSE_SECONDS = 2;

/**
 * {@link EndpointHost} on this machine: one `serve.py` per endpoint behind one HTTP server with
 * SageMaker's paths and limits. A change is blue/green: the new server loads beside the old one,
 * takes all traffic once it answers, and never does when it fails. A live model whose server
 * crashes stays `InService`: requests wait for the restart as for a cold start of SageMaker's.
 * One whose restarts are used up is `Failed`.
 */
export async function createLocalEndpointHost(
  options: LocalEndpointHostOptions,
): Promise<LocalEndpointHost> {
  const { workFolder, clock, log } = options;
  const restartDelays = options.restartDelays ?? DEFAULT_RESTART_DELAYS;
  const store = createEndpointStore(options);
  const folder = join(workFolder, 'endpoints');
  const modelsFolder = join(folder, 'models');
  const mark = processMark(workFolder, 'serve');
  /** The models in service, by endpoint. */
  const live = new Map<string, ServedModel>();
  /** Every model with a process, including those that load or drain. */
  const all = new Set<ServedModel>();
  const counters = createCounters({ store, log });
  const latencies = createLatencies();
  const inputs = createInputLog({ clock });
  const closing = new AbortController();

  function notify(endpointName: string): void {
    if (closing.signal.aborted) return;
    try {
      options.onChange(endpointName);
    } catch (error) {
      log({ message: 'A change of an endpoint could not be handled.', about: endpointName, error });
    }
  }

  function serve(configName: string, { servedBefore }: { servedBefore: boolean }): ServedModel {
    const { config } = store.config(configName) ?? forgotten(configName);
    const model = createServedModel({
      configName,
      maxConcurrency: config.maxConcurrency,
      restartDelays,
      retryFirstStart: servedBefore,
      now: () => clock.now(),
      onChange: () => {
        // A model that is still coming into service is reported by the code that puts it there.
        if (live.get(config.endpointName) === model) notify(config.endpointName);
      },
      start: (signal) =>
        startConfigured({
          ...options,
          store,
          folder,
          mark,
          configName,
          signal,
          onInputs: (counts) => inputs.add(configName, counts),
        }),
    });
    all.add(model);
    return model;
  }

  async function stop(model: ServedModel, drainSeconds: number): Promise<void> {
    await model.stop(drainSeconds);
    all.delete(model);
  }

  const changes = createEndpointChanges({
    store,
    live,
    counters,
    serve: (configName) => serve(configName, { servedBefore: false }),
    stop,
    notify,
    clock,
    log,
    recordRetrySeconds: options.recordRetrySeconds ?? RECORD_RETRY_SECONDS,
    closing: closing.signal,
  });

  const server = createGateway({
    find: (name) => live.get(name) ?? (store.find(name) === null ? null : 'nothing live'),
    versionOf: (configName) => store.config(configName)?.config.version ?? null,
    onAnswered: (name, configName, { status, milliseconds }) => {
      counters.count(name, configName, status);
      latencies.add(name, configName, milliseconds);
      options.onTraffic?.();
    },
    log,
    ...(options.timeoutSeconds === undefined ? {} : { timeoutSeconds: options.timeoutSeconds }),
  });
  const preferred = options.port;
  const port = await listen(server, { preferred, remembered: store.port(preferred) });
  store.setPort(preferred, port);
  const urlOf = (name: string) => `http://127.0.0.1:${port}/endpoints/${name}/invocations`;

  return {
    async deploy(config) {
      const record = store.find(config.endpointName);
      if (record?.pending === config.configName) return;
      if (record != null && record.pending !== null) {
        throw beingChanged(config.endpointName);
      }
      const isLive = record?.live === config.configName;
      if (isLive && live.get(config.endpointName)?.state() !== 'broken') return;
      store.request(config);
      notify(config.endpointName);
      changes.start(config.endpointName);
    },
    async describe(endpointName) {
      const record = store.find(endpointName);
      if (record === null) return null;
      const model = live.get(endpointName);
      return {
        endpointName,
        status: statusOf(record, model),
        configName: record.live,
        failureReason: record.failureReason ?? model?.problem() ?? null,
        url: urlOf(endpointName),
        startSeconds: record.startSeconds,
        ...counters.of(record),
        p95Milliseconds: latencies.p95(endpointName, record.live),
      };
    },
    inputCounts: async ({ configName, since }) => inputs.since(configName, since),
    invoke: (endpointName, body, contentType) =>
      invokeEndpoint({ url: urlOf(endpointName), body, contentType }),
    async remove(endpointName) {
      const record = store.find(endpointName);
      if (record === null) return;
      if (record.pending !== null) throw beingChanged(endpointName);
      const model = live.get(endpointName);
      live.delete(endpointName);
      counters.forget(endpointName);
      store.remove(endpointName);
      notify(endpointName);
      if (model !== undefined) void stop(model, DRAIN_SECONDS);
    },
    async prune(endpointName, keep) {
      const record = store.find(endpointName);
      if (record === null) return;
      store.prune(record, keep);
      const wanted = new Set(store.digests());
      for (const name of await readdir(modelsFolder).catch(() => [])) {
        const isWanted = wanted.has(name) || name.startsWith('.');
        if (!isWanted) await rm(join(modelsFolder, name), { recursive: true, force: true });
      }
    },
    async recover() {
      await clearEarlierServers({ store, workFolder, modelsFolder, mark });
      for (const record of store.list()) {
        const { endpointName } = record;
        if (record.live !== null && !live.has(endpointName)) {
          live.set(endpointName, serve(record.live, { servedBefore: true }));
        }
        if (record.pending !== null && !changes.isUnderWay(endpointName))
          changes.start(endpointName);
      }
    },
    async close() {
      closing.abort();
      server.close();
      await Promise.all([...all].map((model) => stop(model, CLOSE_SECONDS)));
      await changes.settled();
      server.closeAllConnections();
      counters.flush();
    },
  };
}

function statusOf(
  record: EndpointRecord,
  model: ServedModel | undefined,
): EndpointDescription['status'] {
  if (record.live === null) return record.pending === null ? 'Failed' : 'Creating';
  if (record.pending !== null) return 'Updating';
  const state = model?.state() ?? 'loading';
  if (state === 'loading') return 'Updating';
  return state === 'broken' ? 'Failed' : 'InService';
}

function beingChanged(endpointName: string): MlopsError {
  const message = `The endpoint ${endpointName} is being changed already.`;
  return new MlopsError('CONFLICT', message, { retryable: true });
}

function forgotten(configName: string): never {
  throw new Error(`The endpoint configuration ${configName} was forgotten.`);
}
