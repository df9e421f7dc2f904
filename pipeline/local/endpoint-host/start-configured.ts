import { join } from 'node:path';
import { MlopsError } from '../../core/errors.ts';
import type { FolderArtifactStore } from '../folder-artifact-store.ts';
import { createLineLog } from '../line-log.ts';
import type { Log } from '../log.ts';
import type { EndpointStore } from './endpoint-store.ts';
import { extractModel, unusable } from './extract-model.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from './model-server.ts';

export interface StartConfiguredOptions
  extends Pick<
    ModelServerOptions,
    'python' | 'trainingFolder' | 'environment' | 'mark' | 'signal' | 'onInputs'
  > {
  readonly store: EndpointStore;
  readonly artifacts: FolderArtifactStore;
  /** Holds the extracted models and the logs of the servers. */
  readonly folder: string;
  readonly configName: string;
  readonly log: Log;
}

/**
 * Starts the model server of a configuration from its archive, which must be the one it was first
 * started from.
 * @throws {MlopsError} `DEPLOYMENT_FAILED` with a reason fit for people.
 */
export async function startConfigured(options: StartConfiguredOptions): Promise<ModelServer> {
  const { store, artifacts, folder, configName, log } = options;
  const stored = store.config(configName);
  if (stored === null) throw new Error(`The configuration ${configName} was forgotten.`);
  const { artifactKey } = stored.config;
  const sha256 = await artifacts.sha256(artifactKey);
  if (sha256 === null) throw unusable('The model archive no longer exists.');
  if (stored.sha256 === null) store.setSha256(configName, sha256);
  else if (stored.sha256 !== sha256) {
    const message = 'The model archive has changed since it was first deployed.';
    throw new MlopsError('DEPLOYMENT_FAILED', message);
  }
  const modelFolder = await extractModel({
    archive: artifacts.path(artifactKey),
    sha256,
    modelsFolder: join(folder, 'models'),
  });
  return startModelServer({
    ...options,
    modelFolder,
    onLine: createLineLog(join(folder, 'logs', `${configName}.txt`)),
    onProcess: (identity) => store.addProcess(identity),
    onExit({ pid }) {
      try {
        store.removeProcess(pid);
      } catch (error) {
        // The next start finds that it has ended.
        log({ message: 'The end of a model server was not recorded.', about: configName, error });
      }
    },
  });
}
