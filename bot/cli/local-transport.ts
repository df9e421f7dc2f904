import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliTransport, CliUnreachable, transportOver } from './protocol.ts';
import type { CliQuestion } from './question.ts';

/** Longer than any command takes; the slowest reads a file of a few MB. */
const TIMEOUT_MILLISECONDS = 30_000;
const LOOK_EVERY_MILLISECONDS = 1_000;

/** Talks to the app on this machine, whose address and token are in `cli.json` in its data folder. */
export function createLocalTransport(dataFolder: string): CliTransport {
  async function ask(question: CliQuestion): Promise<unknown> {
    const address = readAddress(dataFolder);
    if (address === null) throw notRunning(dataFolder);
    let response: Response;
    try {
      response = await fetch(`${address.url}/ask`, {
        method: 'POST',
        headers: { authorization: `Bearer ${address.token}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
        body: JSON.stringify(question),
      });
    } catch (error) {
      throw notRunning(dataFolder, error);
    }
    if (!response.ok) {
      throw new CliUnreachable(`The app refused the request with status ${response.status}.`);
    }
    return response.json();
  }

  return transportOver({ ask, lookEveryMilliseconds: LOOK_EVERY_MILLISECONDS });
}

function readAddress(dataFolder: string): { url: string; token: string } | null {
  try {
    const { url, token } = JSON.parse(readFileSync(join(dataFolder, 'cli.json'), 'utf8'));
    return typeof url === 'string' && typeof token === 'string' ? { url, token } : null;
  } catch {
    return null;
  }
}

/** Passing, because the app may be restarting. */
function notRunning(dataFolder: string, cause?: unknown): CliUnreachable {
  return new CliUnreachable(
    `mlops-bot is not running with its state in ${dataFolder}.\nStart it with: npm start\n(--data <folder> looks for another one; --stage <name> reaches a deployment on AWS.)`,
    { isPassing: true, cause },
  );
}
