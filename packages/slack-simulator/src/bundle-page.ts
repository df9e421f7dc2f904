/** Bundles a page for browsers from the text of its entry module, whose imports start at `folder`. */
export async function bundlePage(options: {
  folder: string;
  entry: string;
}): Promise<{ script: string; style: string }> {
  // Loaded on first use: a page that is cached needs no bundler.
  const { build } = await import('esbuild');
  const result = await build({
    stdin: { contents: options.entry, resolveDir: options.folder, loader: 'tsx' },
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
  const find = (ending: string) =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: find('.js'), style: find('.css') };
}
