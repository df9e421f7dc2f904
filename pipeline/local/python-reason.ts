/** Lines that are kept of what a process prints; a traceback of PyTorch has about 40. */
const KEPT_LINES = 100;
/** Longer ones would leave no room for the sentence around them. */
const MAX_REASON_CHARACTERS = 400;

export interface KeptLines {
  add(line: string): void;
  /** Oldest first. */
  all(): readonly string[];
  /** Why the process ended, in its own words; null when it printed nothing. */
  reason(): string | null;
}

/** Keeps the last lines that a Python process prints, and finds the one that says why it ended. */
export function createKeptLines(): KeptLines {
  const lines: string[] = [];
  return {
    add(line) {
      if (lines.push(line) > KEPT_LINES) lines.shift();
    },
    all: () => lines,
    reason() {
      const found = exceptionIn(lines) ?? lines.at(-1);
      return found === undefined ? null : found.trim().slice(0, MAX_REASON_CHARACTERS);
    },
  };
}

/**
 * The exception of the last traceback, or the interpreter's own last words. Libraries print on while
 * they are torn down, and a dump of the interpreter ends with its threads, so the last line is often
 * neither.
 */
function exceptionIn(lines: readonly string[]): string | undefined {
  const start = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  // Frames are indented; the exception is not.
  const exception =
    start === -1 ? undefined : lines.slice(start + 1).find((line) => /^\S/.test(line));
  return exception ?? lines.findLast((line) => line.startsWith('Fatal Python error:'));
}
