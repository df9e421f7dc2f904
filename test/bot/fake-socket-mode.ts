import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** What Slack was answered to one envelope. */
export interface Acknowledged {
  readonly envelope_id: string;
  readonly payload?: Readonly<Record<string, unknown>>;
}

export interface FakeSocketMode {
  /** For `apps.connections.open`; a new one for each connection. */
  readonly nextUrl: () => string;
  readonly connections: () => number;
  /** Sends one envelope; resolves with its acknowledgement. */
  send(
    type: 'slash_commands' | 'interactive' | 'events_api',
    payload: object,
  ): Promise<Acknowledged>;
  /** Asks the app to come back on another connection, as Slack does every few hours. */
  refresh(): void;
  /** Breaks every connection without a word. */
  cut(): void;
  /** Resolves when the app has connected `count` times in all. */
  connected(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The far end of Socket Mode: says hello, sends envelopes, hears acknowledgements, answers pings.
 * Hand-written on node:http (RFC 6455). No fragmented messages.
 */
export async function createFakeSocketMode(): Promise<FakeSocketMode> {
  const sockets = new Set<Duplex>();
  const waiting = new Map<string, (acknowledged: Acknowledged) => void>();
  const arrivals: (() => void)[] = [];
  let connections = 0;
  let envelopes = 0;

  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => sockets.delete(socket));
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let next = takeFrame(rest); next !== null; next = takeFrame(rest)) {
        rest = rest.subarray(next.length);
        hear(socket, next.opcode, next.body);
      }
    });
    // Apart from the handshake: a hello in the same packet is lost on undici 7.
    setTimeout(() => {
      connections += 1;
      socket.write(frame(TEXT, JSON.stringify({ type: 'hello', num_connections: sockets.size })));
      for (const arrived of arrivals.splice(0)) arrived();
    }, 10);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  function hear(socket: Duplex, opcode: number, body: Buffer): void {
    if (opcode === PING) socket.write(frame(PONG, body));
    if (opcode === CLOSE) socket.end(frame(CLOSE, body));
    if (opcode !== TEXT) return;
    const acknowledged = JSON.parse(body.toString('utf8')) as Acknowledged;
    waiting.get(acknowledged.envelope_id)?.(acknowledged);
    waiting.delete(acknowledged.envelope_id);
  }

  return {
    nextUrl: () => `ws://127.0.0.1:${port}/link?ticket=${connections + 1}`,
    connections: () => connections,
    send(type, payload) {
      envelopes += 1;
      const envelope_id = `envelope-${envelopes}`;
      const [socket] = [...sockets].slice(-1);
      if (socket === undefined) throw new Error('No app is connected.');
      const answered = new Promise<Acknowledged>((resolve) => waiting.set(envelope_id, resolve));
      const accepts = type !== 'events_api';
      socket.write(
        frame(
          TEXT,
          JSON.stringify({ envelope_id, type, payload, accepts_response_payload: accepts }),
        ),
      );
      return answered;
    },
    refresh() {
      for (const socket of sockets)
        socket.write(
          frame(TEXT, JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' })),
        );
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async connected(count) {
      while (connections < count) await new Promise<void>((resolve) => arrivals.push(resolve));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;

/** One unmasked, final frame. */
function frame(opcode: number, content: string | Buffer): Buffer {
  const body = Buffer.from(content);
  const long = body.length > 125;
  const head = Buffer.alloc(long ? 10 : 2);
  head[0] = 0x80 | opcode;
  head[1] = long ? 127 : body.length;
  if (long) head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** The first masked frame of the bytes and how long it is; null when it is not all there. */
function takeFrame(bytes: Buffer): { opcode: number; body: Buffer; length: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + 4;
  if (bytes.length < start) return null;
  const size =
    extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (bytes.length < start + size) return null;
  const mask = bytes.subarray(start - 4, start);
  const body = bytes.subarray(start, start + size).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return { opcode: bytes.readUInt8(0) & 0x0f, body: Buffer.from(body), length: start + size };
}
