import { createHash } from 'node:crypto';
import type { RunId } from '../core/run.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 8;

/**
 * The id of the run a request starts: `<model>-` and 40 bits of the request's SHA-256 in base 32.
 * The same request gives the same run, so an event that is delivered twice starts one run.
 */
export function runId(model: string, requestId: string): RunId {
  const digest = createHash('sha256').update(`${model}\n${requestId}`).digest();
  const bits = [...digest.subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = Array.from({ length: ID_LENGTH }, (_, index) =>
    BASE32.charAt(Number.parseInt(bits.slice(index * 5, index * 5 + 5), 2)),
  );
  return `${model}-${letters.join('')}`;
}
