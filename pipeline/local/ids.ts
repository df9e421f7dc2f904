import { createHash } from 'node:crypto';
import type { RunId } from '../core/run.ts';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LENGTH = 8;

/**
 * The id of the run a request starts: `<model>-` and 40 bits of the request's SHA-256 in base 32.
 * The same request gives the same run, so a command that is delivered twice starts one run.
 */
export function runId(model: string, requestId: string): RunId {
  const digest = createHash('sha256').update(`${model}\n${requestId}`).digest();
  const letters = Array.from({ length: ID_LENGTH }, (_, index) => BASE32[fiveBits(digest, index)]);
  return `${model}-${letters.join('')}`;
}

function fiveBits(bytes: Uint8Array, index: number): number {
  const bit = index * 5;
  const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
  return (pair >> (11 - (bit & 7))) & 31;
}
