export function explainConfigAndExit(error: unknown): never;
