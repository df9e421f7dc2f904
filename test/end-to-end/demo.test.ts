import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { RunReport } from '../../scripts/demo/run-report.ts';
import { root, temporaryFolder } from './app-process.ts';

interface Report {
  readonly runs: readonly RunReport[];
  readonly prediction: { readonly request: unknown; readonly response: unknown };
}

it('npm run demo plays every step and reports them', async () => {
  const file = join(temporaryFolder(), 'report.json');

  await promisify(execFile)('npm', ['run', 'demo', '--', '--report', file], { cwd: root });

  const { runs, prediction } = JSON.parse(readFileSync(file, 'utf8')) as Report;
  expect(runs.map(({ kind, outcome, serving }) => [kind, outcome, serving.after])).toEqual([
    ['retrain', 'deployed', 1],
    ['retrain', 'blocked', 1],
    ['retrain', 'deployed', 2],
    ['rollback', 'rolled_back', 1],
    ['promote', 'deployed', 2],
  ]);
  const [first, worse, better] = runs;
  expect(first?.interruptions).toHaveLength(1);
  expect(first?.interruptions[0]?.resumedFromStep).toBeGreaterThan(0);
  expect(worse?.verdict?.outcome).toBe('fail');
  expect(better?.metrics?.candidate.macro_f1).toBeGreaterThan(
    better?.metrics?.production?.macro_f1 ?? 1,
  );
  expect(prediction.response).toEqual([{ label: 'spam', score: expect.any(Number) }]);
});
