import type { Run } from '../../../pipeline/core/run.ts';
import { duration, secondsBetween } from '../../blocks/format.ts';

/** How long an ended run took; empty before. */
export function tookPhrase({ createdAt, endedAt }: Run): string {
  return endedAt === null ? '' : `took ${duration(secondsBetween(createdAt, endedAt))}`;
}
