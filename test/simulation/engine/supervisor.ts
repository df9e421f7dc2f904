import type { Config } from '../../../pipeline/core/config.ts';
import type { Database } from '../../../pipeline/local/database.ts';
import type { Faults } from './faults.ts';
import { createLife } from './life.ts';
import { type Process, type Surroundings, startProcess } from './process.ts';
import type { VirtualTime } from './virtual-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Starts the process of the world, and starts it again whenever it ended. */
export interface Supervisor {
  /** Null while it is down. */
  process(): Process | null;
  start(): void;
  /** Kills it if it runs. A crash is followed by a start after seconds or minutes. */
  crash(): void;
  /** Kills it and starts it at once, as an upgrade does. */
  restart(): void;
  /** Does it in the present process, if there is one; what fails is tried again as AWS does. */
  inProcess(what: string, work: (process: Process) => Promise<unknown>, tries?: number): void;
}

export function createSupervisor(options: {
  readonly database: Database;
  readonly time: VirtualTime;
  readonly faults: () => Faults;
  /** How long it is down after a crash, in milliseconds. */
  readonly downtime: () => number;
  readonly config: () => Config;
  readonly hasSlack: boolean;
  readonly around: Surroundings;
  readonly tell: (line: string) => void;
}): Supervisor {
  const { database, time, faults, downtime, config, hasSlack, around, tell } = options;
  let present: Process | null = null;

  function kill(): boolean {
    if (present === null) return false;
    present.life.kill();
    present = null;
    return true;
  }

  function start(): void {
    const { calls, commits } = faults();
    const life = createLife({ database, scheduler: time.scheduler, calls, commits });
    tell('the process starts');
    try {
      present = startProcess({ life, config: config(), hasSlack, around });
    } catch (error) {
      if (life.isAlive()) {
        // A full disk: whoever watches the process starts it again.
        life.kill();
        time.after(MINUTE, start);
      }
      tell(`it does not start: ${String(error)}`);
      return;
    }
    void present?.resume().catch((error: unknown) => {
      if (!life.isAlive()) return;
      // It ends with a message, and whoever watches the process starts it again.
      tell(`it cannot take up its work: ${String(error)}`);
      life.kill();
      present = null;
      time.after(MINUTE, start);
    });
  }

  async function inProcess(
    what: string,
    work: (process: Process) => Promise<unknown>,
    tries = 3,
  ): Promise<void> {
    if (present === null) return;
    try {
      await work(present);
    } catch (error) {
      if (tries > 1) time.after(MINUTE, () => void inProcess(what, work, tries - 1));
      else tell(`given up: ${what}: ${String(error)}`);
    }
  }

  return {
    process: () => present,
    start,
    crash() {
      if (present === null) return;
      tell('the process is killed');
      kill();
      time.after(downtime(), start);
    },
    restart() {
      if (kill()) start();
    },
    inProcess: (what, work, tries) => void inProcess(what, work, tries),
  };
}
