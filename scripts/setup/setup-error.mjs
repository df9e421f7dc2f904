/** A problem that the person at the terminal can fix; `hint` says how. */
export class SetupError extends Error {
  constructor(message, hint) {
    super(message);
    this.name = 'SetupError';
    this.hint = hint;
  }
}

/** Prints a set-up error as two lines and ends with exit code 1; rethrows anything else. */
export function explainAndExit(error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`\n✗ ${error.message}\n  ${error.hint}\n`);
  process.exit(1);
}
