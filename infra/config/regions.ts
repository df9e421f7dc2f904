/**
 * Regions with confirmed Lambda durable functions: the launch Region and those with published
 * quotas (Lambda quotas page). In any other Region `npm run deploy` warns and lets AWS decide.
 */
export const durableFunctionRegions: readonly string[] = [
  'us-east-2',
  'us-east-1',
  'us-west-2',
  'eu-west-1',
];
