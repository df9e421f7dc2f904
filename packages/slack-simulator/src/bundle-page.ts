import { join } from 'node:path';

/** Bundles the page in `folder` (`main.tsx`, `style.css`) for browsers. */
export async function bundlePage(folder: string): Promise<{ script: string; style: string }> {
  // Loaded on first use: a page that is cached needs no bundler.
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: { page: join(folder, 'main.tsx'), style: join(folder, 'style.css') },
    outdir: '/',
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const find = (name: string) =>
    result.outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
  return { script: find('page.js'), style: find('style.css') };
}
