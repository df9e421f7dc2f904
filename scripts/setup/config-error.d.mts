export function configProblem(error: unknown): {
  readonly message: string;
  readonly hint: string;
} | null;
export function explainConfigAndExit(error: unknown): never;
