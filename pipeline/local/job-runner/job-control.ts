import type { PythonProcess } from '../python-process.ts';

/** Why a job must end: it was stopped, it reached a limit, or the pipeline closes. */
export type Ending = 'stop' | 'close' | 'MaxWaitTimeExceeded' | 'MaxRuntimeExceeded';

export type JobControl = ReturnType<typeof createJobControl>;

/** Passes requests to the one function that drives a job. */
export function createJobControl({ gracePeriodSeconds }: { gracePeriodSeconds: number }) {
  const controller = new AbortController();
  let ending: Ending | null = null;
  let process: PythonProcess | null = null;
  let isInterrupted = false;

  return {
    /** Aborted as soon as the job must end. */
    signal: controller.signal,
    ending: () => ending,
    isInterrupted: () => isInterrupted,
    /** The first reason counts. */
    end(reason: Ending) {
      if (ending !== null) return;
      ending = reason;
      controller.abort();
      process?.terminate(gracePeriodSeconds);
    },
    /** Takes the machine away; false when the job has none. */
    interrupt(): boolean {
      if (process === null || ending !== null) return false;
      isInterrupted = true;
      process.terminate(gracePeriodSeconds);
      return true;
    },
    /** Resolves when the process has ended; requests may arrive in the meantime. */
    async watch(started: PythonProcess) {
      process = started;
      isInterrupted = false;
      if (ending !== null) process.terminate(gracePeriodSeconds);
      const exit = await started.exited;
      process = null;
      return exit;
    },
  };
}
