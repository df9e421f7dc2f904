import { type ChildProcess, fork } from 'node:child_process';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** A process plays so many worlds before a new one takes over, in case one leaves something behind. */
const MOST_WORLDS = 2000;

/**
 * Worlds make many short-lived objects, so the young generation gets room for them. Stacks of errors
 * are in no trace, and the SDK makes an error for each failure that it replays.
 */
const flags = ['--max-semi-space-size=32', '--stack-trace-limit=1'];

/** A world takes seconds; what waits for real time, or for a timer that never fires, takes for ever. */
const MOST_MILLISECONDS = 10 * 60_000;

/** Processes that play worlds, one at a time each. */
export interface Workers {
  readonly count: number;
  play(request: WorkerRequest): Promise<WorkerAnswer>;
  close(): void;
}

export function startWorkers(file: string, count: number): Workers {
  const idle: { process: ChildProcess; played: number }[] = [];
  const all = new Set<ChildProcess>();

  function start(): ChildProcess {
    const child = fork(file, { execArgv: flags });
    all.add(child);
    return child;
  }

  return {
    count,
    async play(request) {
      const worker = idle.pop() ?? { process: start(), played: 0 };
      const { process } = worker;
      const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
        const hangs = new Error(`The world of seed ${request.seed} does not come to its end.`);
        const limit = setTimeout(() => {
          process.kill('SIGKILL');
          reject(hangs);
        }, MOST_MILLISECONDS);
        const onExit = () => {
          clearTimeout(limit);
          reject(new Error(`A worker ended at seed ${request.seed}.`));
        };
        process.once('exit', onExit);
        process.once('message', (message) => {
          clearTimeout(limit);
          process.off('exit', onExit);
          resolve(message as WorkerAnswer);
        });
        process.send(request);
      });
      worker.played += 1;
      if (worker.played < MOST_WORLDS) idle.push(worker);
      else {
        all.delete(process);
        process.kill();
      }
      return answer;
    },
    close() {
      for (const child of all) child.kill();
    },
  };
}
