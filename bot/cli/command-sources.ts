/**
 * The ways to the function `commands`, an alias of it each: IAM says who may come through which, and
 * Lambda tells the function which it was. The local app has the first.
 */
export const commandSources = ['cli', 'ci', 'schedule'] as const;

export type CommandSource = (typeof commandSources)[number];

/** Commands that are safe unattended: they only read, or start a run that people approve later. */
const unwatched = ['retrain', 'status', 'runs', 'versions', 'diff', 'logs', 'help'] as const;

/** The commands each source takes; null: all of them, as the rights of the caller say. */
export const commandsOf: Readonly<Record<CommandSource, readonly string[] | null>> = {
  cli: null,
  ci: unwatched,
  schedule: unwatched,
};
