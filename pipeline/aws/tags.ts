export const TAG_PREFIX = 'mlops-bot:';

/** Tags of everything this product creates; ours stand under `mlops-bot:`, by which policies bind. */
export function toTags(
  tags: Readonly<Record<string, string>>,
): { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([key, value]) => ({
    Key: key.includes(':') ? key : `${TAG_PREFIX}${key}`,
    Value: value,
  }));
}
