import { type ChildProcess, fork } from 'node:child_process';
import type { WorkerAnswer, WorkerRequest } from './worker.ts';

/** A process plays so many worlds before a new one takes over: each leaves a little behind. */
const MOST_WORLDS = 400;

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
    const child = fork(file, { execArgv: ['--enable-source-maps'] });
    all.add(child);
    return child;
  }

  return {
    count,
    async play(request) {
      const worker = idle.pop() ?? { process: start(), played: 0 };
      const { process } = worker;
      const answer = await new Promise<WorkerAnswer>((resolve, reject) => {
        const onExit = () => reject(new Error(`A worker ended at seed ${request.seed}.`));
        process.once('exit', onExit);
        process.once('message', (message) => {
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
