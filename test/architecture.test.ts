import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** What the adapters of both worlds know of the bot. */
const ofTheBot = ['bot/web-api', 'bot/interaction', 'bot/announcer', 'bot/slack', 'bot/cli'];

/** Who may import whom; a folder may always import itself. The first matching row counts. */
const arrows: readonly { readonly from: string; readonly to: readonly string[] }[] = [
  { from: 'pipeline/core', to: [] },
  { from: 'pipeline/flow', to: ['pipeline/core'] },
  { from: 'pipeline/local', to: ['pipeline/core', 'pipeline/flow'] },
  // The Lambda entries compose: they know the team's configuration.
  { from: 'pipeline/aws/lambda', to: ['pipeline', 'mlops.config.ts'] },
  { from: 'pipeline/aws', to: ['pipeline/core', 'pipeline/flow'] },
  // Compositions: they know everything of their world.
  { from: 'bot/local', to: ['bot', 'pipeline', 'mlops.config.ts'] },
  { from: 'bot/lambda', to: ['bot', 'pipeline/core', 'pipeline/aws', 'mlops.config.ts'] },
  { from: 'bot/blocks', to: ['pipeline/core'] },
  { from: 'bot/web-api', to: ['pipeline/core', 'bot/blocks'] },
  { from: 'bot/interaction', to: ['pipeline/core', 'bot/blocks', 'bot/web-api'] },
  {
    from: 'bot/features',
    to: ['pipeline/core', 'bot/blocks', 'bot/web-api', 'bot/interaction'],
  },
  { from: 'bot/announcer', to: ['pipeline/core', 'bot/blocks', 'bot/web-api', 'bot/features'] },
  {
    from: 'bot/slack',
    to: ['pipeline/core', 'bot/blocks', 'bot/web-api', 'bot/interaction', 'bot/features'],
  },
  {
    from: 'bot/cli',
    to: ['pipeline/core', 'bot/blocks', 'bot/web-api', 'bot/interaction', 'bot/features'],
  },
  {
    from: 'bot/adapters/local',
    to: [...ofTheBot, 'pipeline/core', 'pipeline/local', 'bot/workspace-page/team.ts'],
  },
  { from: 'bot/adapters/aws', to: [...ofTheBot, 'pipeline/core', 'pipeline/aws'] },
  // Not Slack: what the local page offers because the pipeline is on the same machine.
  { from: 'bot/workspace-page', to: ['pipeline/core', 'pipeline/flow', 'pipeline/local'] },
  {
    from: 'bot/gallery',
    to: [
      'pipeline/core',
      'bot/blocks',
      'bot/features',
      'bot/interaction',
      'bot/slack/manifest.ts',
      'bot/workspace-page/team.ts',
      'bot/adapters/local/open-in-browser.ts',
    ],
  },
  {
    from: 'bot/create-answering-bot.ts',
    to: ['pipeline/core', 'bot/announcer', 'bot/interaction', 'bot/slack', 'bot/web-api'],
  },
  {
    from: 'bot/create-bot.ts',
    to: ['bot/create-answering-bot.ts', 'bot/announcer'],
  },
  {
    from: 'infra',
    // Names the infrastructure and the runtime share; the entries are bundled by their paths.
    to: [
      'pipeline/core',
      'pipeline/aws/dynamo-table.ts',
      'pipeline/aws/endpoint/failure-metric.ts',
      'pipeline/aws/tags.ts',
      // What is asked about an account before a deployment.
      'pipeline/aws/aws-errors.ts',
      'pipeline/aws/lambda/json-request.ts',
      'bot/slack/manifest.ts',
      'bot/cli/command-sources.ts',
      'bot/cli/question.ts',
      'mlops.config.ts',
    ],
  },
];

/** The only places that may read the environment or be started. */
const entries = [
  'bot/local/main.ts',
  'bot/lambda/slack.ts',
  'bot/lambda/announce.ts',
  'bot/lambda/commands.ts',
  'pipeline/aws/lambda/ingest.ts',
  'pipeline/aws/lambda/pipeline.ts',
  'pipeline/aws/lambda/event-handler.ts',
  'scripts/',
];

const files = ['pipeline', 'bot', 'infra'].flatMap((folder) => sourcesUnder(join(root, folder)));

describe('the arrows of the design', () => {
  it.each(files)('%s imports only what its folder may know', (file) => {
    const rule = arrows.find(({ from }) => isUnder(file, from));

    const strangers = targetsOf(file).filter(
      (target) => ![rule?.from ?? '', ...(rule?.to ?? [])].some((to) => isUnder(target, to)),
    );

    expect(strangers).toEqual([]);
  });

  it('runs in one direction: no file imports itself in a circle', () => {
    const next = new Map(files.map((file) => [file, targetsOf(file)]));

    expect(circlesIn(next)).toEqual([]);
  });

  it('runs in one direction between features: no folder needs itself', () => {
    const next = new Map<string, string[]>();
    for (const file of files.filter((each) => isUnder(each, 'bot/features'))) {
      const targets = targetsOf(file).map(dirname);
      const others = targets.filter((folder) => folder !== dirname(file));
      next.set(dirname(file), [...(next.get(dirname(file)) ?? []), ...others]);
    }

    expect(circlesIn(next)).toEqual([]);
  });

  it('keeps the core free of I/O, clock and randomness', () => {
    const impure = files
      .filter((file) => isUnder(file, 'pipeline/core'))
      .filter(
        (file) =>
          importsOf(file).some((name) => name.startsWith('node:')) ||
          /\bnew Date\(\)|Date\.now\(|Math\.random\(|process\./.test(read(file)),
      );

    expect(impure).toEqual([]);
  });

  it.each([
    ['pipeline/core', ['@aws', '@slack', 'libsql', 'hono']],
    ['pipeline/flow', ['@aws-sdk', '@slack', 'libsql', 'hono']],
    ['pipeline/local', ['@aws-sdk', '@slack']],
    ['bot', ['@aws-sdk', 'libsql']],
  ] as const)('keeps %s free of libraries that belong elsewhere: %s', (folder, packages) => {
    const strangers = files
      .filter((file) => isUnder(file, folder))
      .flatMap((file) => importsOf(file).map((name) => ({ file, name })))
      .filter(({ name }) => packages.some((each) => name === each || name.startsWith(`${each}/`)));

    expect(strangers).toEqual([]);
  });

  it('reads the environment only in entry files', () => {
    const readers = files
      .filter((file) => /(?<!')process\.env/.test(read(file)))
      .filter((file) => !entries.some((entry) => file.startsWith(entry)));

    expect(readers).toEqual([]);
  });
});

describe('the packages', () => {
  const inside = sourcesUnder(join(root, 'packages'));
  const others = ['pipeline', 'bot', 'infra', 'scripts', 'test', 'bench'].flatMap((folder) =>
    sourcesUnder(join(root, folder)),
  );

  it.each(inside)('%s imports nothing from outside its package', (file) => {
    const own = file.split('/').slice(0, 2).join('/');

    const strangers = targetsOf(file).filter((target) => !isUnder(target, own));

    expect([
      ...strangers,
      ...importsOf(file).filter((name) => name.startsWith('@mlops-bot/')),
    ]).toEqual([]);
  });

  it('are imported through the entries they export alone', () => {
    const manifest = JSON.parse(read('packages/slack-simulator/package.json'));
    const entries = Object.keys(manifest.exports).map((entry) => join(manifest.name, entry));

    const past = others.flatMap((file) => [
      ...targetsOf(file).filter((target) => isUnder(target, 'packages')),
      ...importsOf(file)
        .filter((name) => name.startsWith(manifest.name))
        .filter((name) => !entries.includes(name)),
    ]);

    expect(past).toEqual([]);
  });

  it('know nothing of models, runs, datasets, jobs or endpoints', () => {
    const knowing = inside
      .filter((file) => file.startsWith('packages/slack-simulator/src/'))
      .filter((file) =>
        /(?<!\.)\b(models?|datasets?|jobs?|endpoints?|pipelines?|training)\b|mlops(?!-bot)/i.test(
          read(file),
        ),
      );

    expect(knowing).toEqual([]);
  });
});

function circlesIn(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  function walk(place: string, path: readonly string[]): void {
    if (path.includes(place)) {
      circles.push([...path.slice(path.indexOf(place)), place].join(' → '));
      return;
    }
    if (done.has(place)) return;
    for (const target of next.get(place) ?? []) walk(target, [...path, place]);
    done.add(place);
  }
  for (const place of next.keys()) walk(place, []);
  return circles;
}

function sourcesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function importsOf(file: string): readonly string[] {
  const source = read(file);
  const names = source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...names].map((match) => match[1] ?? '');
}

/** The files of the repository that a file imports. */
function targetsOf(file: string): readonly string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)));
}

function isUnder(file: string, folder: string): boolean {
  return folder !== '' && (file === folder || file.startsWith(`${folder}/`));
}
