import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Parts of our dependencies that Lambda does not need. Most of the packages are CommonJS or use
 * namespaces, so the bundler cannot see that the code is unused.
 */
interface LeftOut {
  /** Matches the paths of the files. */
  readonly files: RegExp;
  /** The replacement; null keeps the file. */
  readonly contents: (path: string) => string | null;
}

const leftOut: readonly LeftOut[] = [
  {
    // All that we take of Bolt. The rest brings installations in many workspaces (jsonwebtoken),
    // streams of requests (iconv-lite) and what other receivers need.
    files: /\/@slack\/bolt\/dist\/index\.js$/,
    contents: () => `
      exports.App = require('./App').default;
      exports.AwsLambdaReceiver = require('./receivers/AwsLambdaReceiver').default;`,
  },
  {
    // Bolt's receivers for servers and sockets, which bring Express and `ws`.
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
    // Error messages of zod in other languages.
    files: /\/zod\/v4\/locales\/[^/]+\.js$/,
    contents: (path) => (/\/(?:en|index)\.js$/.test(path) ? null : 'export default () => ({});'),
  },
  {
    // Makes schemas of JSON Schema, which no function does.
    files: /\/zod\/v4\/classic\/from-json-schema\.js$/,
    contents: () => `
      export const fromJSONSchema = () => {
        throw new Error('z.fromJSONSchema is not part of the Lambda bundle.');
      };`,
  },
  {
    // Describes schemas as JSON Schema, which no function does either.
    files: /\/zod\/v4\/core\/json-schema-processors\.js$/,
    contents: (path) =>
      [...readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)]
        .map(([, name]) => `export const ${name} = () => ({});`)
        .join('\n'),
  },
  {
    // Identifies browsers.
    files: /\/bowser\/bowser\.mjs$/,
    contents: () => 'export const parse = () => ({});',
  },
  {
    // Credentials of profiles, SSO, containers and instances; Lambda has them in the environment.
    files: /\/@aws-sdk\/credential-provider-node\/dist-es\/index\.js$/,
    contents: () => `
      import { fromEnv } from '@aws-sdk/credential-provider-env';
      export const defaultProvider = (init) => fromEnv(init);`,
  },
];

/** Replaces the parts that no function needs. */
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
