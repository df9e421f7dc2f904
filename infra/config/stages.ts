import { recipeImages } from './images.ts';
import type { Stage } from './stage.ts';

/**
 * The stages of this team; `npm run deploy -- --stage <name>` deploys one, by default “production”.
 * Two stages need two accounts or two Regions, because an endpoint has the name of its model.
 */
export const stages = {
  production: {
    name: 'production',
    region: 'us-east-1',
    alarmEmail: null,
    logRetentionDays: 90,
    retrain: {},
    longestRunDays: 30,
    slackApi: { ratePerSecond: 20, burst: 40 },
    watchMinutes: 5,
    images: recipeImages,
    github: null,
    protectData: true,
  },
  development: {
    name: 'development',
    region: 'us-east-2',
    alarmEmail: null,
    logRetentionDays: 14,
    retrain: {},
    longestRunDays: 7,
    slackApi: { ratePerSecond: 10, burst: 20 },
    watchMinutes: 15,
    images: recipeImages,
    github: null,
    protectData: false,
  },
} as const satisfies Record<string, Stage>;

/** @throws {Error} with the names of all stages if there is none of that name. */
export function stageNamed(name: string): Stage {
  const found: Stage | undefined = Object.hasOwn(stages, name)
    ? stages[name as keyof typeof stages]
    : undefined;
  if (found !== undefined) return found;
  throw new Error(
    `There is no stage “${name}” in infra/config/stages.ts; it has: ${Object.keys(stages).join(', ')}.`,
  );
}
