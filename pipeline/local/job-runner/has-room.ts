import { freemem } from 'node:os';

/** A process with torch holds 0.4 GB; with less room than this the memory is worth more elsewhere. */
const MIN_FREE_BYTES = 2 * 1024 ** 3;

/**
 * Whether a process that only saves time may start. Only Linux says how much memory can be had;
 * elsewhere a file cache counts as used.
 */
export function hasRoom(): boolean {
  return process.platform !== 'linux' || freemem() >= MIN_FREE_BYTES;
}
