/** One piece of work at a time, in the order they came; urgent ones before the others. */
export interface Turns {
  take<T>(isUrgent: boolean, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  const urgent: (() => void)[] = [];
  const usual: (() => void)[] = [];
  let isTaken = false;

  function passOn(): void {
    const next = urgent.shift() ?? usual.shift();
    if (next === undefined) isTaken = false;
    else next();
  }

  return {
    async take(isUrgent, work) {
      if (isTaken) {
        await new Promise<void>((resolve) => (isUrgent ? urgent : usual).push(resolve));
      }
      isTaken = true;
      try {
        return await work();
      } finally {
        passOn();
      }
    },
  };
}
