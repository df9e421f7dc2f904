/** Bundles the page with esbuild, once per content: the result is kept in the state folder. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { bundlePage, FONT_FOLDER } from './bundle-page.ts';
import { PAGE_POLICY } from './guard.ts';

const PAGE = join(import.meta.dirname, 'page');
const EMOJI_FONT = fileURLToPath(import.meta.resolve('twemoji-colr-font/twemoji.woff2'));

export interface PageAssets {
  readonly script: string;
  readonly style: string;
  readonly hash: string;
}

/** `pageModules` are the plug-ins' parts of the page; a change anywhere in their folders bundles anew. */
export async function loadPageAssets(options: {
  stateFolder: string;
  pageModules: readonly string[];
}): Promise<PageAssets> {
  const { pageModules } = options;
  const cache = join(options.stateFolder, 'page-cache');
  const hash = await hashFolders([PAGE, ...pageModules.map((path) => dirname(path))]);
  const kept = await readKept(join(cache, `${hash}.json`));
  if (kept !== null) return { ...kept, hash };
  const bundle = await bundlePage({ folder: PAGE, entry: entryOf(pageModules), fonts: 'linked' });
  await keep(cache, hash, bundle);
  return { ...bundle, hash };
}

type Bundle = Pick<PageAssets, 'script' | 'style'>;

/** Null unless the file is whole: a page of half a script would stay blank. */
async function readKept(file: string): Promise<Bundle | null> {
  try {
    const { script, style, digest } = JSON.parse(await readFile(file, 'utf8'));
    return digest === digestOf({ script, style }) ? { script, style } : null;
  } catch {
    return null;
  }
}

/** On a full disk the page is bundled again at the next start. */
async function keep(cache: string, hash: string, bundle: Bundle): Promise<void> {
  try {
    await rm(cache, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    const text = JSON.stringify({ ...bundle, digest: digestOf(bundle) });
    await writeFile(join(cache, `${hash}.json`), text);
  } catch {
    await rm(cache, { recursive: true, force: true }).catch(() => {});
  }
}

function digestOf({ script, style }: Bundle): string {
  return createHash('sha256').update(`${script}\0${style}`).digest('hex');
}

function entryOf(pageModules: readonly string[]): string {
  const imports = pageModules.map(
    (path, index) => `import { plugin as plugin${index} } from ${JSON.stringify(path)};`,
  );
  const plugins = pageModules.map((_path, index) => `plugin${index}`);
  return [
    "import './style.css';",
    "import { openPage } from './open-page.tsx';",
    ...imports,
    `openPage([${plugins.join(', ')}]);`,
  ].join('\n');
}

async function hashFolders(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  const listed = await Promise.all(
    folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })),
  );
  const files = listed
    .flat()
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  // The lock file stands for the packages the page is bundled from.
  const lock = join(import.meta.dirname, '../../../package-lock.json');
  for (const file of [...files, lock]) {
    hash.update(file).update(await readFile(file).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Sets the chosen colour scheme before the first paint, so that the page never flashes. */
const THEME_SCRIPT = `try {
  const chosen = localStorage.getItem('theme');
  const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
} catch {}
`;

export function pageAssetRoutes(assets: PageAssets, title: string): Hono {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<script src="/assets/theme.js"></script>
<link rel="stylesheet" href="/assets/${assets.hash}.css">
<script type="module" src="/assets/${assets.hash}.js"></script>
</head>
<body><div id="root"><p class="boot" role="status">Opening the workspace…</p></div></body>
</html>
`;
  const routes = new Hono();
  const asset = (path: string, body: string, type: string, headers: Record<string, string>) =>
    routes.get(path, (context) =>
      context.body(body, 200, { 'content-type': `${type}; charset=utf-8`, ...headers }),
    );
  const kept = { 'cache-control': 'public, max-age=31536000, immutable' };
  asset('/', html, 'text/html', { 'content-security-policy': PAGE_POLICY });
  asset(`/assets/${assets.hash}.js`, assets.script, 'text/javascript', kept);
  asset(`/assets/${assets.hash}.css`, assets.style, 'text/css', kept);
  asset('/assets/theme.js', THEME_SCRIPT, 'text/javascript', {});
  asset('/assets/icon.svg', ICON, 'image/svg+xml', kept);
  routes.get(`${FONT_FOLDER}/twemoji.woff2`, async (context) =>
    context.body(await readFile(EMOJI_FONT), 200, { 'content-type': 'font/woff2', ...kept }),
  );
  return routes;
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3b2f63"/><path d="M7 20l5-7 4 5 3-4 6 8" fill="none" stroke="#8be0c0" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
