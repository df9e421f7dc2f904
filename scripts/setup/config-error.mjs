/**
 * Prints what is wrong with mlops.config.ts, which every entry imports, and ends with exit code 1.
 * Rethrows anything else.
 */
export function explainConfigAndExit(error) {
  const problem = configProblem(error);
  if (problem === null) throw error;
  process.stderr.write(`\n✗ ${problem.message}\n  ${problem.hint}\n`);
  process.exit(1);
}

const hint = 'Correct mlops.config.ts there, or in the line before, and start again.';

/** A syntax error with its place, settings that are not valid, an error in a line of it; or null. */
function configProblem(error) {
  if (error?.code === 'CONFIG_INVALID') {
    return { message: error.message, hint: error.hint ?? 'Correct it and start again.' };
  }
  // Of esbuild, which tsx reads TypeScript with; only its text comes through the loader's thread.
  const syntax = /(mlops\.config\.ts:\d+:\d+): ERROR: (.+)/.exec(error?.message ?? '');
  if (syntax !== null) return { message: `${syntax[1]} cannot be read: ${syntax[2]}.`, hint };
  const [, frame = ''] = /^\s+at (.+)$/m.exec(error?.stack ?? '') ?? [];
  const thrown = /mlops\.config\.ts:\d+:\d+/.exec(frame);
  return thrown === null ? null : { message: `${thrown[0]} fails: ${error.message}.`, hint };
}
