import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How many ports after the preferred one are tried before any free one is taken. */
const NEIGHBOURS = 20;
const MAX_PORT = 65_535;

/**
 * Listens on the first of these that is free: the port of last time, the preferred one, its
 * neighbours, any. On the loopback interface only.
 */
export async function listen(
  server: Server,
  { preferred, remembered }: { preferred: number; remembered: number | null },
): Promise<number> {
  const neighbours = Array.from({ length: NEIGHBOURS }, (_, index) => preferred + index);
  const candidates = [
    ...(remembered === null ? [] : [remembered]),
    ...(preferred === 0 ? [] : neighbours.filter((port) => port <= MAX_PORT)),
    0,
  ];
  for (const port of candidates) {
    if (await canListen(server, port)) return (server.address() as AddressInfo).port;
  }
  throw new Error('There is no free port.');
}

async function canListen(server: Server, port: number): Promise<boolean> {
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
}
