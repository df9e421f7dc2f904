/**
 * Regions whose Lambda durable functions are confirmed: the launch Region and those with published
 * quotas (Lambda quotas page). Elsewhere `npm run deploy` warns and asks AWS itself to refuse.
 */
export const durableFunctionRegions: readonly string[] = [
  'us-east-2',
  'us-east-1',
  'us-west-2',
  'eu-west-1',
];
