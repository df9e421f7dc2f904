import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { summaryOf, verdictOf } from '../../.github/scripts/run-summary.mjs';

const folder = resolve(import.meta.dirname, '../../.github/workflows');
const files = readdirSync(folder).sort();
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly steps: readonly Step[];
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
const stepsOf = (file: string) => Object.values(parse(file).jobs).flatMap(({ steps }) => steps);

describe('the workflows', () => {
  it('are the three there should be', () => {
    expect(files).toEqual(['ci.yml', 'deploy.yml', 'retrain.yml']);
  });

  it.each(files)('%s is valid, has a name, rights, a limit of time and no two at once', (file) => {
    const workflow = parse(file);

    expect(workflow.name).toBe(file.replace('.yml', ''));
    expect(workflow.permissions.contents).toBe('read');
    expect(workflow.concurrency).toBeDefined();
    for (const job of Object.values(workflow.jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });

  it.each(files)('%s pins every action to a commit and says which version that is', (file) => {
    const used = textOf(file).match(/uses: .*/g) ?? [];

    expect(used.length).toBeGreaterThan(0);
    for (const line of used) {
      expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('pins one action to one commit everywhere', () => {
    const used = files.flatMap((file) => stepsOf(file).flatMap(({ uses }) => uses ?? []));
    const names = new Set(used.map((each) => each.split('@')[0]));

    expect(new Set(used).size).toBe(names.size);
  });

  it.each(files)(
    '%s holds no stored key and puts nothing that people typed into a script',
    (file) => {
      expect(textOf(file)).not.toMatch(/secrets\./);
      for (const { run = '' } of stepsOf(file)) {
        expect(run).not.toMatch(/\$\{\{/);
      }
    },
  );

  it.each(files)('%s leaves no credentials of git behind', (file) => {
    for (const { uses = '', with: options } of stepsOf(file)) {
      if (uses.startsWith('actions/checkout@'))
        expect(options?.['persist-credentials']).toBe(false);
    }
  });

  it('deploys only from the protected environment', () => {
    const { deploy, diff } = parse('deploy.yml').jobs;

    expect(deploy?.environment).toBe('production');
    expect(diff?.permissions?.['pull-requests']).toBe('write');
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

  it('shows reasons as they are, never as markup', () => {
    const text = summaryOf({
      ...run,
      outcome: 'blocked',
      verdict: { outcome: 'fail', checks: [{ outcome: 'fail', reason: '<img> [x](y)' }] },
    });

    expect(text).toContain('Verdict: **fail**');
    expect(text).toContain('\\<img\\> \\[x\\](y)');
  });
});
