// Prints what `npm run test:abuse` ends with: per kind of attack, how many were tried and survived.
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { AttackCount } from './attack.ts';
import { reusedRow } from './reused-tests.ts';

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export default class AttackTable implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = new Map<string, { tried: number; survived: number }>();
    const counts = modules.flatMap((module) => [...module.children.allTests()].flatMap(countOf));
    for (const { row, tried, survived } of counts) {
      const sum = rows.get(row) ?? { tried: 0, survived: 0 };
      rows.set(row, { tried: sum.tried + tried, survived: sum.survived + survived });
    }
    console.log('\n| attack | tried | survived |\n|---|---|---|');
    for (const [row, { tried, survived }] of rows) {
      console.log(`| ${row} | ${tried} | ${survived} |`);
    }
    const sum = (field: 'tried' | 'survived') =>
      [...rows.values()].reduce((total, each) => total + each[field], 0);
    console.log(`\nABUSE: ${sum('tried')} attacks, ${sum('survived')} survived`);
  }
}

/** None for a test that is no attack, or was not run. */
function countOf(test: TestCase): readonly AttackCount[] {
  const { state } = test.result();
  if (state === 'skipped' || state === 'pending') return [];
  const { attack } = test.meta();
  if (attack !== undefined) {
    // A test may also fail after its last attack, or in its clean-up.
    const isFailed = state === 'failed' && attack.survived === attack.tried;
    return [isFailed ? { ...attack, tried: attack.tried + 1 } : attack];
  }
  const row = reusedRow(test.module.relativeModuleId, test.fullName);
  return row === null ? [] : [{ row, tried: 1, survived: state === 'passed' ? 1 : 0 }];
}
