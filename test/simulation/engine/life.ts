import type { Database, Statement } from '../../../pipeline/local/database.ts';
import type { Scheduler } from '../../../pipeline/local/durable/alarm.ts';

/** What `kill -9` does to whoever waits for an answer: it never comes. */
const forever = () => new Promise<never>(() => {});

/** Thrown where a killed process would touch its database: it cannot, and no caller is left. */
export class ProcessKilled extends Error {
  constructor() {
    super('The process was killed.');
    this.name = 'ProcessKilled';
  }
}

/** Decides what goes wrong at one call; `name` is such as `endpoints.deploy`. */
export interface CallFaults {
  /** Throws, or kills the process, before the call reaches its service. */
  before(name: string): void;
  /** The same after the service did its work: the caller does not learn of it. */
  after(name: string): void;
}

/** Decides what goes wrong at one commit of the database. */
export interface CommitFaults {
  before(): void;
  after(): void;
}

/**
 * One life of the process. After `kill` nothing of it has any effect: its calls are never answered,
 * its timers never fire, and its database refuses every statement. What it wrote before stays.
 */
export interface Life {
  isAlive(): boolean;
  kill(): void;
  /** The port as the process sees it: asynchronous methods may fail, and never answer the dead. */
  guard<T extends object>(name: string, port: T): T;
  readonly database: Database;
  readonly scheduler: Scheduler;
  /** `work` of a process that died meanwhile is not done. */
  whileAlive(work: () => void): () => void;
}

export function createLife(options: {
  readonly database: Database;
  readonly scheduler: Scheduler;
  readonly calls: CallFaults;
  readonly commits: CommitFaults;
}): Life {
  const { calls, commits } = options;
  let alive = true;
  const whileAlive = (work: () => void) => () => {
    if (alive) work();
  };

  async function call<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    if (!alive) return forever();
    calls.before(name);
    if (!alive) return forever();
    let result: T;
    try {
      result = await work();
    } catch (error) {
      if (!alive) return forever();
      throw error;
    }
    if (!alive) return forever();
    calls.after(name);
    return alive ? result : forever();
  }

  const life: Life = {
    isAlive: () => alive,
    kill() {
      alive = false;
      // The operating system closes the connection, and SQLite forgets what was not committed.
      if (options.database.inTransaction) options.database.exec('ROLLBACK');
    },
    guard: (name, port) =>
      new Proxy(port, {
        get(target, property, receiver) {
          const value = Reflect.get(target, property, receiver);
          if (typeof value !== 'function') return value;
          return (...values: unknown[]) =>
            call(`${name}.${String(property)}`, () => value.apply(target, values));
        },
      }),
    database: mortalDatabase(options.database, commits, () => alive),
    scheduler: {
      setTimeout: (work, milliseconds) =>
        options.scheduler.setTimeout(whileAlive(work), milliseconds),
      clearTimeout: options.scheduler.clearTimeout,
    },
    whileAlive,
  };
  return life;
}

function mortalDatabase(real: Database, faults: CommitFaults, isAlive: () => boolean): Database {
  function assertAlive(): void {
    if (!isAlive()) throw new ProcessKilled();
  }

  /** Runs what commits: a statement of its own, or COMMIT. */
  function commit<T>(work: () => T): T {
    assertAlive();
    faults.before();
    assertAlive();
    const result = work();
    faults.after();
    assertAlive();
    return result;
  }

  function mortal(statement: Statement): Statement {
    return {
      run: (...values) => {
        assertAlive();
        return real.inTransaction
          ? statement.run(...values)
          : commit(() => statement.run(...values));
      },
      get: (...values) => {
        assertAlive();
        return statement.get(...values);
      },
      all: (...values) => {
        assertAlive();
        return statement.all(...values);
      },
    };
  }

  return {
    prepare(sql) {
      assertAlive();
      return mortal(real.prepare(sql));
    },
    exec(sql) {
      assertAlive();
      if (sql === 'COMMIT') commit(() => real.exec(sql));
      else real.exec(sql);
    },
    pragma(source) {
      assertAlive();
      return real.pragma(source);
    },
    get inTransaction() {
      assertAlive();
      return real.inTransaction;
    },
    close: () => {},
  };
}
