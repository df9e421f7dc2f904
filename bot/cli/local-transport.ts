import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../pipeline/core/run.ts';
import type { CliReply, CliTransport } from './protocol.ts';
import { CliUnreachable } from './protocol.ts';

/** Longer than any command takes: the slowest waits for a file of a few MB. */
const TIMEOUT_MILLISECONDS = 30_000;

/** Talks to the app that runs on this machine, found by the file it leaves in its data folder. */
export function createLocalTransport(dataFolder: string): CliTransport {
  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const door = readDoor(dataFolder);
    if (door === null) throw notRunning(dataFolder);
    let response: Response;
    try {
      response = await fetch(`${door.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw notRunning(dataFolder, error);
    }
    if (!response.ok) {
      throw new CliUnreachable(`The app refused the request with status ${response.status}.`);
    }
    return (await response.json()) as T;
  }

  return {
    command: (request) => ask<CliReply>('/command', request),
    run: (id) => ask<Run | null>(`/runs/${encodeURIComponent(id)}`),
  };
}

function readDoor(dataFolder: string): { url: string; token: string } | null {
  try {
    const { url, token } = JSON.parse(readFileSync(join(dataFolder, 'cli.json'), 'utf8'));
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : null;
  } catch {
    return null;
  }
}

function notRunning(dataFolder: string, cause?: unknown): CliUnreachable {
  return new CliUnreachable(
    `mlops-bot is not running with its state in ${dataFolder}.\nStart it with: npm start\n(--data <folder> looks for another one.)`,
    cause,
  );
}
