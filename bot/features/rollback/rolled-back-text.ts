import type { VersionMark } from '../../../pipeline/core/rollback/version-mark.ts';
import { ago } from '../../blocks/ago.ts';

/** Such as “Grace rolled back from v2 to v1 2 minutes ago: flags invoices.” */
export function doneText({ by, at, version, backTo, reason }: VersionMark, now: Date): string {
  const why = reason === null || reason === '' ? '' : `: ${reason.replace(/\.$/, '')}`;
  return `${by?.name ?? 'Someone'} rolled back from v${version} to v${backTo} ${ago(at, now)}${why}.`;
}
