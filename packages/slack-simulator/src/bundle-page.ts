/** Where a page finds the fonts that its style links to. */
export const FONT_FOLDER = '/assets';

/**
 * Bundles a page for browsers from the text of its entry module, whose imports start at `folder`.
 * Its fonts are linked under {@link FONT_FOLDER}, or part of the style for a page that is one file.
 */
export async function bundlePage(options: {
  folder: string;
  entry: string;
  fonts: 'linked' | 'inlined';
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
    loader: { '.woff2': options.fonts === 'linked' ? 'file' : 'dataurl' },
    assetNames: '[name]',
    publicPath: FONT_FOLDER,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const find = (ending: string) =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: find('.js'), style: find('.css') };
}
