/** A problem that the person at the terminal can fix; `hint` says how. */
export class CliError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'CliError';
    this.hint = hint;
  }
}

/** Prints a {@link CliError} as two lines and ends with exit code 1; rethrows anything else. */
export function explainAndExit(error: unknown): never {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`\n✗ ${error.message}\n  ${error.hint}\n`);
  process.exit(1);
}
