import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import config from '../../mlops.config.ts';

/**
 * Puts `mlops.config.ts` into the bundle as the plain data it is once it has been checked, which
 * happens here: a function that starts neither checks it again nor loads the schema library for it.
 */
export const checkedConfig = (root: string): Plugin => ({
  name: 'checked-config',
  setup(build) {
    build.onLoad({ filter: /\/mlops\.config\.ts$/ }, ({ path }) =>
      path === join(root, 'mlops.config.ts')
        ? { contents: JSON.stringify(config), loader: 'json' }
        : undefined,
    );
  },
});
