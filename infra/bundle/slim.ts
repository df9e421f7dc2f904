import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Parts of our dependencies that are for other places than Lambda. Most of the packages are CommonJS
 * or have namespaces, so the bundler cannot tell by itself that nobody asks for them.
 */
interface LeftOut {
  /** Which files, by their path. */
  readonly files: RegExp;
  /** What they are replaced by; null keeps a file as it is. */
  readonly contents: (path: string) => string | null;
}

const leftOut: readonly LeftOut[] = [
  {
    // Bolt's receivers for servers and sockets, with Express and `ws`.
    files:
      /\/@slack\/bolt\/dist\/receivers\/(?:ExpressReceiver|HTTPReceiver|SocketModeReceiver)\.js$/,
    contents: (path) => {
      const name = path.split('/').at(-1)?.replace('.js', '') ?? '';
      return `
        Object.defineProperty(exports, '__esModule', { value: true });
        exports.default = class ${name} {
          constructor() { throw new Error('${name} is not part of the Lambda bundle.'); }
        };`;
    },
  },
  {
    // Installing the app in many workspaces; with jsonwebtoken.
    files: /\/@slack\/oauth\/dist\/index\.js$/,
    contents: () => 'exports.InstallProvider = class InstallProvider {};',
  },
  {
    // Reads request streams; Lambda gives us the body. With iconv-lite.
    files: /\/node_modules\/raw-body\/index\.js$/,
    contents: () => `
      module.exports = () => Promise.reject(new Error('There are no streams on Lambda.'));`,
  },
  {
    // Error texts of zod in other languages.
    files: /\/zod\/v4\/locales\/[^/]+\.js$/,
    contents: (path) => (/\/(?:en|index)\.js$/.test(path) ? null : 'export default () => ({});'),
  },
  {
    // Tells browsers apart.
    files: /\/bowser\/bowser\.mjs$/,
    contents: () => 'export const parse = () => ({});',
  },
  {
    // Credentials of profiles, SSO, containers and instances: on Lambda they are in the environment.
    files: /\/@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    contents: () => `
      import { fromEnv } from '@aws-sdk/credential-provider-env';
      export const defaultProvider = (init) => fromEnv(init);`,
  },
];

/** Replaces what no function needs. */
export const slim: Plugin = {
  name: 'slim',
  setup(build) {
    for (const { files, contents } of leftOut) {
      build.onLoad({ filter: files }, ({ path }) => {
        const replacement = contents(path);
        return replacement === null
          ? undefined
          : { contents: replacement, loader: 'js', resolveDir: dirname(path) };
      });
    }
  },
};
