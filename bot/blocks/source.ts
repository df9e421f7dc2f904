import type { Source } from '../../pipeline/core/run.ts';

/** Enough to tell versions apart by eye, as git shows commits. */
const SHORT = 8;

/** Which code trained a model, in a few words. */
export function sourcePhrase({ code, commit }: Source): string {
  const said = `code ${code.slice(0, SHORT)}`;
  return commit === null ? said : `${said}, commit ${commit.slice(0, SHORT)}`;
}
