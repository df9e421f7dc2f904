/** Longest line that is kept, in characters; what a script prints beyond it is dropped. */
const MAX_LINE_CHARACTERS = 64 * 1024;

export interface LineSplitter {
  write(text: string): void;
  /** Gives out a last line that did not end. */
  end(): void;
}

/**
 * Cuts text into lines as it comes. A carriage return ends a line too, because progress bars
 * print nothing else; empty lines are left out, and no line grows beyond a limit.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  let rest = '';
  const give = (line: string) => {
    if (line.trim() !== '') onLine(line);
  };
  return {
    write(text) {
      const lines = (rest + text).split(/[\r\n]+/);
      rest = (lines.pop() ?? '').slice(0, MAX_LINE_CHARACTERS);
      for (const line of lines) give(line.slice(0, MAX_LINE_CHARACTERS));
    },
    end() {
      give(rest);
      rest = '';
    },
  };
}
