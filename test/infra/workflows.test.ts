import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { summaryOf, verdictOf } from '../../.github/scripts/run-summary.mjs';
import { temporaryFolder } from '../local/temporary-folder.ts';

const folder = resolve(import.meta.dirname, '../../.github/workflows');
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  /** Left out by a job that calls another workflow. */
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly needs?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
}

interface Workflow {
  readonly name: string;
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const parse = (file: string) => load(textOf(file)) as Workflow;
const stepsOf = (file: string) =>
  Object.values(parse(file).jobs).flatMap(({ steps = [] }) => steps);

describe('the workflows', () => {
  it('are the ones that the documentation describes', () => {
    expect(files).toEqual(['ci.yml', 'codeql.yml', 'deploy.yml', 'release.yml', 'retrain.yml']);
  });

  it.each(files)('%s has a name, permissions, a concurrency group and time limits', (file) => {
    const workflow = parse(file);

    expect(workflow.name).toBe(file.replace('.yml', ''));
    expect(workflow.permissions.contents).toBe('read');
    expect(workflow.concurrency).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      // GitHub takes no limit for a job that calls a workflow; that one has its own.
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it.each(files)('%s pins every action to a commit and names its version', (file) => {
    const used = (textOf(file).match(/(?<![a-z])uses: .*/g) ?? []).filter(
      (line) => !line.includes('./'),
    );

    expect(used.length).toBeGreaterThan(0);
    for (const line of used) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+(?:\/[\w-]+)?@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('pins one action to one commit everywhere', () => {
    const used = files.flatMap((file) => stepsOf(file).flatMap(({ uses }) => uses ?? []));
    const pinned = new Set(used.map((each) => each.replace(/^([^/]+\/[^/@]+).*@/, '$1@')));
    const repositories = new Set([...pinned].map((each) => each.split('@')[0]));

    expect(pinned.size).toBe(repositories.size);
  });

  it.each(files)('%s uses no stored key and puts no user input into a script', (file) => {
    expect(textOf(file)).not.toMatch(/secrets\./);
    for (const { run = '' } of stepsOf(file)) {
      expect(run).not.toMatch(/\$\{\{/);
    }
  });

  it.each(files)('%s does not persist the credentials of git', (file) => {
    for (const { uses = '', with: options } of stepsOf(file)) {
      if (uses.startsWith('actions/checkout@'))
        expect(options?.['persist-credentials']).toBe(false);
    }
  });

  it.each([
    ['ci.yml', []],
    ['codeql.yml', ['security-events']],
    ['deploy.yml', ['id-token', 'pull-requests']],
    ['release.yml', ['contents']],
    ['retrain.yml', ['id-token', 'pull-requests', 'statuses']],
  ])('%s may write %j and nothing else', (file, expected) => {
    const { permissions, jobs } = parse(file);
    const granted = [permissions, ...Object.values(jobs).map((job) => job.permissions ?? {})];
    const writable = granted.flatMap((rights) =>
      Object.entries(rights).flatMap(([name, right]) => (right === 'write' ? [name] : [])),
    );

    expect([...new Set(writable)].sort()).toEqual(expected);
  });

  it('releases a tag only after the checks, in a job that installs nothing', () => {
    const { checks, release } = parse('release.yml').jobs;

    expect(checks?.uses).toBe('./.github/workflows/ci.yml');
    expect(parse('ci.yml').on).toHaveProperty('workflow_call');
    expect(release?.needs).toBe('checks');
    for (const { run = '' } of release?.steps ?? []) expect(run).not.toMatch(/npm|npx/);
  });

  it('deploys only from the protected environment', () => {
    const { deploy, diff } = parse('deploy.yml').jobs;

    expect(deploy?.environment).toBe('production');
    expect(diff?.permissions?.['pull-requests']).toBe('write');
  });
});

describe('the release notes', () => {
  const script = resolve(folder, '../scripts/release-notes.mjs');
  const changelog =
    '# Changelog\n\n## [1.2.0] - 2026-01-01\n\n### Added\n\n- A.\n\n## [1.1.0]\n\n- B.\n';

  function notesOf(tag: string, version: string) {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ version }));
    writeFileSync(join(cwd, 'CHANGELOG.md'), changelog);
    return spawnSync(process.execPath, [script, tag], { cwd, encoding: 'utf8' });
  }

  it('are the section of the version, without its heading', () => {
    expect(notesOf('v1.2.0', '1.2.0')).toMatchObject({ status: 0, stdout: '### Added\n\n- A.\n' });
    expect(notesOf('v1.1.0', '1.1.0')).toMatchObject({ status: 0, stdout: '- B.\n' });
  });

  it.each([
    ['v1.2.0', '1.1.0', 'package.json has version 1.1.0'],
    ['v1.3.0', '1.3.0', 'nothing under “## [1.3.0]”'],
    ['', '1.2.0', 'The tag is missing'],
  ])('are refused for the tag “%s” of version %s', (tag, version, expected) => {
    const { status, stderr } = notesOf(tag, version);

    expect(status).toBe(1);
    expect(stderr).toContain(expected);
  });

  it('exist for the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(resolve(folder, '../../package.json'), 'utf8'));
    const headings = readFileSync(resolve(folder, '../../CHANGELOG.md'), 'utf8').match(/^## .*/gm);

    expect(headings?.some((heading) => heading.startsWith(`## [${version}]`))).toBe(true);
  });
});

describe('the files for contributors', () => {
  const read = (file: string) => readFileSync(resolve(folder, '..', file), 'utf8');

  it.each(['bug.yml', 'feature.yml'])('%s is a form whose fields have names and labels', (file) => {
    const form = load(read(join('ISSUE_TEMPLATE', file))) as {
      name: string;
      description: string;
      body: { type: string; id?: string; attributes: { label?: string; value?: string } }[];
    };
    const fields = form.body.filter(({ type }) => type !== 'markdown');

    expect([form.name, form.description].every(Boolean)).toBe(true);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    for (const { attributes } of fields) expect(attributes.label).toMatch(/\w/);
  });

  it('lets Dependabot update every ecosystem, in groups', () => {
    const { updates } = load(read('dependabot.yml')) as {
      updates: { 'package-ecosystem': string; groups: object }[];
    };

    expect(updates.map((each) => each['package-ecosystem']).sort()).toEqual([
      'github-actions',
      'npm',
      'pip',
    ]);
    for (const { groups } of updates) expect(Object.keys(groups).length).toBeGreaterThan(0);
  });

  it('names owners of paths that exist', () => {
    const lines = read('CODEOWNERS')
      .split('\n')
      .filter((line) => /^[^#\s]/.test(line));

    for (const [path = '', ...owners] of lines.map((line) => line.split(/\s+/))) {
      expect(path === '*' || existsSync(resolve(folder, '../..', `.${path}`)), path).toBe(true);
      expect(owners.every((owner) => owner.startsWith('@'))).toBe(true);
    }
  });
});

describe('the summary of a run', () => {
  const run = {
    id: 'spam-abcdefgh',
    model: 'spam',
    outcome: null,
    approval: null,
    verdict: null,
    version: null,
    failure: null,
  };

  it.each([
    [{ ...run }, 'running'],
    [{ ...run, approval: { outcome: null } }, 'good'],
    [{ ...run, approval: { outcome: 'approved' } }, 'running'],
    [{ ...run, outcome: 'deployed' }, 'good'],
    [{ ...run, outcome: 'blocked' }, 'bad'],
    [{ ...run, outcome: 'failed' }, 'bad'],
  ])('%# is %s', (each, verdict) => {
    expect(verdictOf(each)).toBe(verdict);
  });

  it('escapes markup in reasons', () => {
    const text = summaryOf({
      ...run,
      outcome: 'blocked',
      verdict: { outcome: 'fail', checks: [{ outcome: 'fail', reason: '<img> [x](y)' }] },
    });

    expect(text).toContain('Verdict: **fail**');
    expect(text).toContain('\\<img\\> \\[x\\](y)');
  });
});
