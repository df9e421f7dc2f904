import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from '../mutants/mutants.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Bundles the worker of the simulation, with the defect of a mutant if one is given, and returns the
 * file. It lies in `node_modules`, where packages are found from.
 *
 * @throws when the text that the mutant replaces does not occur exactly once in its file.
 */
export async function buildWorker(mutant: Mutant | null): Promise<string> {
  const name = mutant === null ? 'product' : mutant.name.replaceAll(/[^a-z0-9]+/gi, '-');
  const outfile = join(root, 'node_modules', '.cache', 'simulation', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: ['test/simulation/cli/worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    plugins: [
      durableSdkIsLight,
      runnerInOneThread,
      packagesStayOutside,
      ...(mutant === null ? [] : [applyMutant(mutant)]),
    ],
  });
  return outfile;
}

const DURABLE_SDK = '@aws/durable-execution-sdk-js';
const DURABLE_RUNNER = `${DURABLE_SDK}-testing`;

/** All but those of this repository, which are TypeScript, and the SDK of durable functions. */
const packagesStayOutside: Plugin = {
  name: 'packages-stay-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) =>
      path.startsWith('@mlops-bot/') || path === DURABLE_SDK || path === DURABLE_RUNNER
        ? undefined
        : { path, external: true },
    );
  },
};

/**
 * Leaves out what the SDK does for its log and for plugins, of which a world has none: each invocation
 * makes three consoles and describes every operation twice, and an AsyncLocalStorage slows every
 * promise of the process down. Without one the SDK says itself that checkpoints and replay are
 * unaffected.
 */
const durableSdkIsLight: Plugin = {
  name: 'durable-sdk-is-light',
  setup({ onResolve, onLoad }) {
    const namespace = 'light';
    onResolve({ filter: /^node:(console|async_hooks)$/ }, ({ path, importer }) =>
      importer.includes(DURABLE_SDK) ? { path, namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: path === 'node:console' ? SILENT_CONSOLE : 'export {};',
    }));
    onLoad({ filter: /durable-execution-sdk-js\/dist\/index\.mjs$/ }, ({ path }) => ({
      contents: withoutDescriptions(readFileSync(path, 'utf8')),
    }));
  },
};

const DESCRIBES_ALL = 'function toOperationInfoMap(operations) {';

function withoutDescriptions(sdk: string): string {
  if (!sdk.includes(DESCRIBES_ALL))
    throw new Error(`${DURABLE_SDK} no longer describes operations.`);
  return sdk
    .replace(DESCRIBES_ALL, `${DESCRIBES_ALL} return {};`)
    .replaceAll(/^( +)log\((?=["'`])/gm, '$1false && log(');
}

/**
 * AWS's test runner keeps its checkpoint server in a thread with real timers. Here both are in the
 * thread of the world, so that its virtual timers are those of the server, and each message is copied
 * and arrives in the same turn.
 */
const runnerInOneThread: Plugin = {
  name: 'runner-in-one-thread',
  setup({ onResolve, onLoad }) {
    const namespace = 'one-thread';
    onResolve({ filter: /^node:worker_threads$/ }, ({ path, importer }) =>
      importer.includes(DURABLE_RUNNER) ? { path, namespace } : undefined,
    );
    onResolve({ filter: /^checkpoint-server$/ }, () => ({
      path: join(root, 'node_modules', DURABLE_RUNNER, 'dist', 'checkpoint-server', 'index.mjs'),
    }));
    onLoad({ filter: /./, namespace }, () => ({ contents: ONE_THREAD, resolveDir: root }));
  },
};

const ONE_THREAD = `
  import { EventEmitter } from 'node:events';
  const [client, server] = [new EventEmitter(), new EventEmitter()];
  let ready = null;
  const send = (to, message) => {
    const copy = structuredClone(message);
    void ready.then(() => to.emit('message', copy));
  };
  export const workerData = {};
  export const parentPort = {
    on: (name, listener) => server.on(name, listener),
    postMessage: (message) => send(client, message),
  };
  export class Worker {
    constructor() { ready = import('checkpoint-server'); }
    on(name, listener) { client.on(name, listener); return this; }
    postMessage(message) { send(server, message); }
    unref() {}
  }`;

const SILENT_CONSOLE = `
  const silent = () => {};
  const methods = { log: silent, debug: silent, info: silent, warn: silent, error: silent };
  export function Console() { return methods; }`;

function applyMutant({ name, also, ...edit }: Mutant): Plugin {
  const edits = also === undefined ? [edit] : [edit, also];
  return {
    name: 'mutant',
    setup({ onLoad }) {
      const edited = new Map<string, string>();
      for (const { file, find, replace } of edits) {
        const path = join(root, file);
        const parts = (edited.get(path) ?? readFileSync(path, 'utf8')).split(find);
        if (parts.length !== 2) {
          throw new Error(`Mutant “${name}”: ${file} has its text ${parts.length - 1} times.`);
        }
        edited.set(path, parts.join(replace));
      }
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = edited.get(path);
        return contents === undefined ? undefined : { contents, loader: 'ts' };
      });
    },
  };
}
