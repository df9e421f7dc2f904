import type { Source } from '../../pipeline/core/run.ts';

/** Length of an abbreviated hash, as in git. */
const SHORT = 8;

/** The code that trained a model, as a phrase. */
export function sourcePhrase({ code, commit }: Source): string {
  const phrase = `code ${code.slice(0, SHORT)}`;
  return commit === null ? phrase : `${phrase}, commit ${commit.slice(0, SHORT)}`;
}
