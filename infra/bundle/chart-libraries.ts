import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NATIVE = '@resvg/resvg-js-linux-arm64-gnu';
const FONTS = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'];

/**
 * Copies the SVG renderer, its binary for Lambda's arm64 and two fonts into the bundle. npm
 * installs only the binary for this machine, so the other one is fetched once, in the version and
 * with the checksum that `package-lock.json` records.
 */
export async function copyChartLibraries(options: {
  readonly root: string;
  readonly folder: string;
}): Promise<void> {
  const { root, folder } = options;
  const modules = join(root, 'node_modules');
  const target = join(folder, 'node_modules');
  await copyPackage(join(modules, '@resvg/resvg-js'), join(target, '@resvg/resvg-js'), [
    'package.json',
    'index.js',
    'js-binding.js',
  ]);
  await copyPackage(await nativePackage(root), join(target, NATIVE), [
    'package.json',
    'resvgjs.linux-arm64-gnu.node',
  ]);
  await copyPackage(join(modules, 'dejavu-fonts-ttf'), join(target, 'dejavu-fonts-ttf'), [
    'package.json',
    ...FONTS.map((font) => join('ttf', font)),
  ]);
}

async function copyPackage(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(to, file)), { recursive: true });
    await cp(join(from, file), join(to, file));
  }
}

/** The folder of the arm64 package: installed by npm on an arm64 machine, otherwise fetched. */
async function nativePackage(root: string): Promise<string> {
  const installed = join(root, 'node_modules', NATIVE);
  if (existsSync(installed)) return installed;
  const { version, integrity } = pinned(root);
  const cache = join(root, 'node_modules', '.cache', 'mlops-bot', `resvg-arm64-${version}`);
  const extracted = join(cache, 'package');
  if (existsSync(extracted)) return extracted;
  const { pack } = await fetchTarball(`${NATIVE}@${version}`, `${cache}.tmp`);
  if (pack.integrity !== integrity) {
    throw new Error(
      `${NATIVE}@${version} does not have the checksum that package-lock.json records.`,
    );
  }
  await run('tar', ['-xzf', pack.filename], { cwd: `${cache}.tmp` });
  await rm(cache, { recursive: true, force: true });
  await rename(`${cache}.tmp`, cache);
  return extracted;
}

function pinned(root: string): { version: string; integrity: string } {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const entry = lock.packages?.[`node_modules/${NATIVE}`];
  if (typeof entry?.version === 'string' && typeof entry.integrity === 'string') return entry;
  throw new Error(`package-lock.json does not pin ${NATIVE}, which draws the charts on Lambda.`);
}

/** npm checks the download against the registry; the caller checks it against our lock file. */
async function fetchTarball(
  specifier: string,
  folder: string,
): Promise<{ pack: { filename: string; integrity: string } }> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { stdout } = await run(npm, ['pack', specifier, '--json', '--loglevel=error'], {
    cwd: folder,
  });
  const [pack] = JSON.parse(stdout);
  return { pack };
}
