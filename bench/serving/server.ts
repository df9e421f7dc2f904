import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';

interface Prediction {
  readonly label: string;
  readonly score: number;
}

export interface Server {
  /** The best label of one text. */
  ask(text: string): Promise<Prediction>;
  /** Megabytes of memory that the process occupies; NaN where there is no /proc. */
  megabytes(): number;
  stop(): Promise<void>;
}

/** Starts a script that prints `{"event": "ready", "port": …}`; resolves when it has. */
export async function startServer(python: string, args: readonly string[]): Promise<Server> {
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const port = await portOf(child, args);
  const agent = new Agent({ keepAlive: true });
  return {
    ask: (text) => post({ port, agent, body: JSON.stringify({ inputs: text }) }),
    megabytes() {
      try {
        const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
        return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
      } catch {
        return Number.NaN;
      }
    },
    async stop() {
      agent.destroy();
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function portOf(child: ChildProcess, args: readonly string[]): Promise<number> {
  if (child.stdout === null) throw new Error('The output is not piped.');
  for await (const line of createInterface(child.stdout)) return JSON.parse(line).port;
  throw new Error(`${args.join(' ')} did not start.`);
}

function post(options: { port: number; agent: Agent; body: string }): Promise<Prediction> {
  const { port, agent, body } = options;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({
      port,
      host: '127.0.0.1',
      path: '/invocations',
      method: 'POST',
      agent,
      headers,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text)[0]);
        else reject(new Error(`The server answered ${response.statusCode}: ${text}`));
      });
    });
    sent.end(body);
  });
}
