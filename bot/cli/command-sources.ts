/**
 * Where commands come from, besides Slack. On AWS each is an alias of the function `commands`: IAM
 * decides who may invoke which alias, and the function reads the alias from its invocation. The
 * local app uses `cli`.
 */
export const commandSources = ['cli', 'ci', 'schedule'] as const;

export type CommandSource = (typeof commandSources)[number];

/** Commands that are safe without a person: they only read, or start a run that people decide on. */
const unattended = ['retrain', 'status', 'runs', 'versions', 'diff', 'logs', 'help'] as const;

/** The commands each source may give; null: all that the caller has the rights for. */
export const commandsOf: Readonly<Record<CommandSource, readonly string[] | null>> = {
  cli: null,
  ci: unattended,
  schedule: unattended,
};
