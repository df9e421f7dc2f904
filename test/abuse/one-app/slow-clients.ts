import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { attack } from '../attack.ts';
import type { Target } from './target.ts';

/** Connections that are opened and never used. */
export function slowClients(target: () => Target): void {
  attack(
    'slow clients',
    '800 half-open connections leave page and app responsive',
    async (survives) => {
      const { url, client } = target();
      const { hostname, port } = new URL(url);
      const sockets: Socket[] = [];
      for (let index = 0; index < 800; index += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => {});
        socket.write('POST /api/messages HTTP/1.1\r\nhost: ');
        sockets.push(socket);
      }
      await delay(300);
      await survives('the page answers within 5 s', async () => {
        const startedAt = performance.now();
        expect((await client.jobs()).models).toHaveLength(2);
        expect(performance.now() - startedAt).toBeLessThan(5000);
      });
      for (const socket of sockets) socket.destroy();
      await survives('the page answers afterwards', async () => {
        expect((await client.jobs()).models).toHaveLength(2);
      });
    },
  );
}
