import { recipeImages } from '../../infra/config/images.ts';
import type { Stage } from '../../infra/config/stage.ts';

/**
 * The stages of the same team: production with schedules and GitHub, and a place for trying things
 * out. To use them, copy them over the stages in infra/config/stages.ts.
 */
export const stages = {
  production: {
    name: 'production',
    region: 'eu-west-1',
    alarmEmail: 'ml-on-call@example.com',
    logRetentionDays: 365,
    // EventBridge Scheduler expressions, in UTC. Each run trains on the newest dataset of its model.
    retrain: {
      'ticket-routing': 'cron(0 1 ? * SUN *)', // Sundays at 01:00
      churn: 'rate(30 days)',
      fraud: 'cron(30 4 ? * MON-FRI *)', // working days at 04:30, before the officers start
    },
    longestRunDays: 14,
    slackApi: { ratePerSecond: 20, burst: 40 },
    watchMinutes: 5,
    images: recipeImages,
    github: { repository: 'example/ml-models', environment: 'production' },
    protectData: true,
  },
  sandbox: {
    name: 'sandbox',
    region: 'us-east-2', // another Region, because endpoints are named after their models
    alarmEmail: null,
    logRetentionDays: 7,
    retrain: {}, // started by hand only
    longestRunDays: 3,
    slackApi: { ratePerSecond: 5, burst: 10 },
    watchMinutes: 60, // fewer checks, lower idle cost
    images: recipeImages,
    github: null,
    protectData: false,
  },
} as const satisfies Record<string, Stage>;
