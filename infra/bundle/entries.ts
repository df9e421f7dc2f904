/** A Lambda function on Node.js: its entry file and the files bundled with it. */
export interface LambdaEntry {
  /** Relative to the root of the checkout. */
  readonly entry: string;
  /** Whether the entry reads `recipe.json` files. */
  readonly withRecipes: boolean;
}

export const lambdaEntries = {
  slack: { entry: 'bot/lambda/slack.ts', withRecipes: true },
  announce: { entry: 'bot/lambda/announce.ts', withRecipes: true },
  pipeline: { entry: 'pipeline/aws/lambda/pipeline.ts', withRecipes: true },
  ingest: { entry: 'pipeline/aws/lambda/ingest.ts', withRecipes: true },
  signals: { entry: 'pipeline/aws/lambda/event-handler.ts', withRecipes: true },
  commands: { entry: 'bot/lambda/commands.ts', withRecipes: true },
} as const satisfies Record<string, LambdaEntry>;

export type LambdaName = keyof typeof lambdaEntries;

export const lambdaNames = Object.keys(lambdaEntries) as readonly LambdaName[];
