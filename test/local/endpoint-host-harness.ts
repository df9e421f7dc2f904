import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import { onTestFinished } from 'vitest';
import type { EndpointConfig, EndpointDescription } from '../../pipeline/core/ports.ts';
import { openDatabase } from '../../pipeline/local/database.ts';
import {
  createLocalEndpointHost,
  type LocalEndpointHostOptions,
} from '../../pipeline/local/endpoint-host/local-endpoint-host.ts';
import { createFolderArtifactStore } from '../../pipeline/local/folder-artifact-store.ts';
import type { LogEntry } from '../../pipeline/local/log.ts';
import { endpointName } from '../contract/endpoint-host.contract.ts';
import { python, systemClock, trainingFolder } from './job-runner-harness.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What the fixture's `serve.py` makes of a model. */
export interface Behaviour {
  readonly loads?: 'well' | 'not' | 'raises' | 'unhealthy';
  readonly gate?: string;
  readonly lingers?: true;
}

export type HostOptions = Partial<LocalEndpointHostOptions> & { readonly folder?: string };

/** A local endpoint host over the fixture's `serve.py`; it is closed when the test has finished. */
export async function makeEndpointHost(options: HostOptions = {}) {
  const folder = options.folder ?? temporaryFolder();
  const artifacts = createFolderArtifactStore({ root: join(folder, 'artifacts') });
  const database = openDatabase(join(folder, 'mlops.db'));
  const entries: LogEntry[] = [];
  const listeners = new Set<() => void>();
  const host = await createLocalEndpointHost({
    database,
    artifacts,
    workFolder: join(folder, 'work'),
    python,
    trainingFolder,
    environment: { PATH: process.env.PATH },
    port: 0,
    clock: systemClock,
    onChange: () => {
      for (const listener of listeners) listener();
    },
    log: (entry) => entries.push(entry),
    restartDelays: [0, 0],
    ...options,
  });
  onTestFinished(() => host.close());

  async function config(version: number, behaviour: Behaviour = {}): Promise<EndpointConfig> {
    const key = `models/v${version}/model.tar.gz`;
    const source = join(folder, `model-${version}`);
    mkdirSync(source, { recursive: true });
    const model = { answer: version, loads: 'well', ...behaviour };
    writeFileSync(join(source, 'behaviour.json'), JSON.stringify(model));
    await artifacts.putStream(key, create({ cwd: source, gzip: true }, ['behaviour.json']));
    return aConfig(version, key);
  }

  /** Resolves with the first description, seen at a change, for which `isSo` holds. */
  function until(isSo: (endpoint: EndpointDescription) => boolean): Promise<EndpointDescription> {
    return new Promise((resolve, reject) => {
      const look = () => {
        host.describe(endpointName).then((endpoint) => {
          if (endpoint === null || !isSo(endpoint)) return;
          listeners.delete(look);
          resolve(endpoint);
        }, reject);
      };
      listeners.add(look);
      look();
    });
  }

  async function isServing(version: number): Promise<EndpointDescription> {
    const { configName } = aConfig(version, '');
    return until((each) => each.status === 'InService' && each.configName === configName);
  }

  return { host, config, until, isServing, folder, artifacts, database, entries };
}

export function aConfig(version: number, artifactKey: string): EndpointConfig {
  return {
    endpointName,
    configName: `spam-v${version}-aaaaaaaa`,
    model: 'spam',
    version,
    artifactKey,
    recipe: 'tfidf',
    memoryMB: 2048,
    maxConcurrency: 2,
  };
}
